import MartletKernels
import MartletTensor

/// One row for each sequence of a packed batch. Inputs: x [tokens, …] (float32; `first` and `last` any dtype),
/// offsets (int32 [rows + 1]), lengths (int32 [rows]). A sequence without tokens gives zeros.
package struct SegmentReduceOp: GraphOp {
    package enum Kind: String, CaseIterable, Sendable { case mean, sum, max, first, last, meanSqrt }

    package static let name = "SegmentReduce"
    package var kind: Kind

    package init(_ kind: Kind) { self.kind = kind }

    package var attributes: String { kind.rawValue }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let offsets = try operand(inputs, 1)
        let lengths = try operand(inputs, 2)
        for input in [offsets, lengths] where input.type.dtype != .int32 || input.type.rank ?? 1 != 1 {
            throw impossible(inputs, "offsets and lengths are int32 vectors")
        }
        guard x.type.dtype == .float32 || kind == .first || kind == .last else {
            throw impossible(inputs, "\(kind.rawValue) does not take \(x.type.dtype.name)")
        }
        guard let shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        guard !shape.isEmpty else { throw impossible(inputs, "a scalar has no tokens") }
        return [ValueType(x.type.dtype, [lengths.type.shape?[0] ?? .unknown] + shape.dropFirst())]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        kind == .first || kind == .last ? 0 : inputs.first??.reduce(1, *) ?? 0
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let offsets = try operand(inputs, 1, context)
        let lengths = try operand(inputs, 2, context)
        guard let tokens = x.shape.first, let segments = Segments(offsets: offsets, lengths: lengths, tokens: tokens)
        else { throw context.invalid(self, inputs, "offsets and lengths do not describe these tokens") }
        let rows = segments.count
        let result = try context.output(0, x.dtype, [rows] + x.shape.dropFirst())
        guard result.count > 0 else { return [result] }
        let columns = x.shape[1...].reduce(1, *)
        if x.dtype == .float32 {
            context.parallelRows(rows, work: columns * max(1, tokens / max(rows, 1))) { range in
                Kernels.pool(
                    kind.kernel, x.floats, xStride: columns, start: segments.starts + range.lowerBound,
                    length: segments.lengths + range.lowerBound,
                    into: result.mutableFloats + range.lowerBound * columns,
                    outStride: columns, segments: range.count, columns: columns)
            }
            return [result]
        }
        guard kind == .first || kind == .last else {
            throw context.invalid(self, inputs, "\(kind.rawValue) does not take \(x.dtype.name)")
        }
        let bytes = columns * x.dtype.size
        for row in 0..<rows {
            let length = Int(segments.lengths[row])
            let to = result.pointer + row * bytes
            if length == 0 {
                to.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
            } else {
                let place = Int(segments.starts[row]) + (kind == .first ? 0 : length - 1)
                to.copyMemory(from: x.pointer + place * bytes, byteCount: bytes)
            }
        }
        return [result]
    }
}

extension SegmentReduceOp.Kind {
    fileprivate var kernel: Kernels.Pooling {
        switch self {
        case .mean: .mean
        case .sum: .sum
        case .max: .max
        case .first: .first
        case .last: .last
        case .meanSqrt: .meanSqrt
        }
    }
}
