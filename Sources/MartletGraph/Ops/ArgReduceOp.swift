import MartletTensor

/// Place of the largest or smallest element along an axis, int64; the first among equals, or the last. Input: x.
package struct ArgReduceOp: GraphOp {
    package enum Kind: String, Sendable { case max, min }

    package static let name = "ArgReduce"
    package var kind: Kind
    package var axis: Int
    package var keepDims: Bool
    package var selectLast: Bool

    package init(_ kind: Kind, axis: Int = 0, keepDims: Bool = true, selectLast: Bool = false) {
        self.kind = kind
        self.axis = axis
        self.keepDims = keepDims
        self.selectLast = selectLast
    }

    package var attributes: String { "\(kind.rawValue) axis=\(axis)\(keepDims ? "" : " keepdims=0")" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard let shape = x.type.shape else { return [ValueType(.int64, nil)] }
        let at = try resolveAxis(axis, rank: shape.count, inputs)
        guard shape[at] != .fixed(0) else { throw impossible(inputs, "there is no element along axis \(axis)") }
        return [ValueType(.int64, ReduceOp.reduce(shape, [at], keepDims: keepDims, one: .fixed(1)))]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { inputs.first??.reduce(1, *) ?? 0 }
}
