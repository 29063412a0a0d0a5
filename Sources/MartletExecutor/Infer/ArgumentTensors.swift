import MartletData
import MartletGraph
import MartletSupport
import MartletTensor

extension RegionProgram {
    /// `rows` of each argument's column as its graph input wants them, and the rows (numbers within `rows`) of which an
    /// integer does not fit the input's type.
    func argumentTensors(_ arguments: [Column], _ rows: [Int]) throws -> (tensors: [Tensor], failures: [RowFailure]) {
        var failures: [Int: Explanation] = [:]
        let tensors = try arguments.enumerated().map { number, column -> Tensor in
            guard let place = feeds.firstIndex(of: .argument(number)) else {
                // A value for all rows, which is part of the graph.
                return try Tensor(.uint8, shape: [rows.count, 0])
            }
            let port = graph.graph.inputs[place]
            let type = graph.graph.type(port.value)
            let dense = rows.count == column.count ? column : column.gather(rows)
            let ones = [Int](repeating: 1, count: max(0, (type.rank ?? 1) - 1))
            switch dense.storage {
            case .tensor:
                for row in try dense.tensor.rowsBeyond(type.dtype) where failures[row] == nil {
                    failures[row] =
                        AnswerError.range(input: port.name, value: "one of its numbers", type.dtype.name).explanation
                }
                return try dense.tensor.converted(to: type.dtype)
            case .tensors(let tensors):
                // Models with state take them in one shape.
                throw AnswerError.shape(
                    first: tensors[0].shape, then: tensors.first { $0.shape != tensors[0].shape }?.shape ?? [])
            case .bytes:
                return dense.withStrings { texts in
                    Tensor(utf8Count: texts.count, shape: [texts.count] + ones) { texts[$0] }
                }
            default: break
            }
            for row in dense.rowsBeyond(type.dtype) where failures[row] == nil {
                failures[row] =
                    AnswerError.range(input: port.name, value: dense.value(row).text, type.dtype.name).explanation
            }
            return try dense.numbers(type.dtype).reshaped([rows.count] + ones)
        }
        return (tensors, failures.map { RowFailure(row: $0, explanation: $1) }.sorted { $0.row < $1.row })
    }
}

extension Column {
    /// The values of a column of numbers or bools as elements of `dtype`: [rows]. Ints widen to floats; ints beyond the range of
    /// `dtype` are cut (`rowsBeyond` tells them).
    func numbers(_ dtype: DType) throws -> Tensor {
        switch storage {
        case .floats: try Tensor(vector: withFloats { Array($0) }).converted(to: dtype)
        case .ints: try Tensor(vector: withInts { Array($0) }).converted(to: dtype)
        case .bools: try Tensor(vector: withBools { Array($0) }).converted(to: dtype)
        default: preconditionFailure("bug: a \(type.text) column as model input")
        }
    }

    /// Rows of an int column that integer type `dtype` does not hold.
    func rowsBeyond(_ dtype: DType) -> [Int] {
        guard case .ints = storage, let range = dtype.intRange else { return [] }
        return withInts { values in values.indices.filter { !range.contains(values[$0]) && !isNull($0) } }
    }
}

extension Tensor {
    /// Rows of an integer tensor with a number that integer type `target` does not hold.
    fileprivate func rowsBeyond(_ target: DType) throws -> [Int] {
        guard dtype.isInteger, dtype != target, let range = target.intRange, rank > 0, shape[0] > 0 else { return [] }
        let wide = try converted(to: .int64)
        let size = count / shape[0]
        return withExtendedLifetime(wide) {
            let values = wide.elements(Int64.self)
            return (0..<shape[0]).filter { row in values[row * size..<(row + 1) * size].contains { !range.contains($0) }
            }
        }
    }
}

extension DType {
    /// The `Int64` values that an integer type holds; nil where that is all of them, and for other types.
    fileprivate var intRange: ClosedRange<Int64>? {
        switch self {
        case .int8: Int64(Int8.min)...Int64(Int8.max)
        case .uint8: 0...Int64(UInt8.max)
        case .int16: Int64(Int16.min)...Int64(Int16.max)
        case .uint16: 0...Int64(UInt16.max)
        case .int32: Int64(Int32.min)...Int64(Int32.max)
        case .uint32: 0...Int64(UInt32.max)
        case .uint64: 0...Int64.max
        default: nil
        }
    }
}
