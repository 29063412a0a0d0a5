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
}
