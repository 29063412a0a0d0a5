import MartletGraph
import MartletTensor

extension RegionProgram {
    /// The graph's input tensors for some items.
    ///
    /// - Parameters:
    ///   - rows: rows of `items`, in the order in which answers come back.
    ///   - padding: lay every sequence out at the length of the longest, with `lengths` telling the true ones.
    /// - Returns: tensors in the order of the graph's inputs, the number of padding tokens among them, and where the sequences
    ///   lie.
    func inputs(
        _ items: InferItems, rows: [Int], padding: Bool
    ) throws -> (tensors: [Tensor], paddingTokens: Int, sequences: AnswerSink.Sequences?) {
        switch items {
        case .tensors(let arguments, _):
            let tensors = try feeds.map { feed -> Tensor in
                guard case .argument(let number) = feed, number < arguments.count else {
                    preconditionFailure("bug: a text feed without text")
                }
                return try Self.gatherRows(arguments[number], rows)
            }
            return (tensors, 0, nil)
        case .text(let tokens):
            let lengths = rows.map(tokens.length)
            let longest = lengths.max() ?? 0
            let isPadded = padding || layout == .rectangle
            let offsets =
                isPadded
                ? (0...rows.count).map { $0 * longest }
                : lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
            let total = offsets[rows.count]
            let tensors = try zip(feeds, graph.graph.inputs).map { feed, port in
                let dtype = graph.graph.type(port.value).dtype
                let shape = layout == .rectangle ? [rows.count, longest] : [total]
                switch feed {
                case .tokenIDs:
                    return try Self.integers(dtype, shape) { write in
                        for (index, row) in rows.enumerated() { tokens.withIDs(row) { write(offsets[index], $0) } }
                    }
                case .typeIDs:
                    return try Self.integers(dtype, shape) { write in
                        for (index, row) in rows.enumerated() { tokens.withTypeIDs(row) { write(offsets[index], $0) } }
                    }
                case .attentionMask:
                    let ones = [Int32](repeating: 1, count: longest)
                    return try Self.integers(dtype, shape) { write in
                        ones.withUnsafeBufferPointer { ones in
                            for (index, length) in lengths.enumerated() {
                                write(offsets[index], UnsafeBufferPointer(rebasing: ones[..<length]))
                            }
                        }
                    }
                case .positions:
                    let iota = (0..<longest).map { Int32($0) }
                    return try Self.integers(dtype, shape) { write in
                        iota.withUnsafeBufferPointer { iota in
                            for index in rows.indices {
                                let room = offsets[index + 1] - offsets[index]
                                write(offsets[index], UnsafeBufferPointer(rebasing: iota[..<room]))
                            }
                        }
                    }
                case .offsets: return Tensor(vector: offsets.map { Int32($0) })
                case .lengths: return Tensor(vector: lengths.map { Int32($0) })
                case .argument, .state: preconditionFailure("bug: a tensor feed in a text model")
                }
            }
            return (tensors, total - lengths.reduce(0, +), .init(starts: Array(offsets.dropLast()), lengths: lengths))
        }
    }

    /// An int32 or int64 tensor of zeros into which `fill` writes runs of values at element offsets.
    private static func integers(
        _ dtype: DType, _ shape: [Int], _ fill: ((Int, UnsafeBufferPointer<Int32>) -> Void) -> Void
    ) throws -> Tensor {
        let tensor = try Tensor(dtype, shape: shape)
        tensor.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: tensor.byteCount)
        switch dtype {
        case .int32:
            let target = tensor.mutableElements(Int32.self)
            fill { offset, values in for index in values.indices { target[offset + index] = values[index] } }
        case .int64:
            let target = tensor.mutableElements(Int64.self)
            fill { offset, values in for index in values.indices { target[offset + index] = Int64(values[index]) } }
        default: preconditionFailure("bug: token ids as \(dtype.name)")
        }
        return tensor
    }

    static func gatherRows(_ tensor: Tensor, _ rows: [Int]) throws -> Tensor {
        let result = try Tensor(tensor.dtype, shape: [rows.count] + tensor.shape.dropFirst())
        guard tensor.shape[0] > 0 else { return result }
        let size = tensor.byteCount / tensor.shape[0]
        for (index, row) in rows.enumerated() {
            (result.pointer + index * size).copyMemory(from: tensor.pointer + row * size, byteCount: size)
        }
        return result
    }
}
