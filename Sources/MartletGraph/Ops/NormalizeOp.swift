import MartletTensor

/// x divided by its p-norm along an axis, at least epsilon. Input: x (floats).
package struct NormalizeOp: GraphOp {
    package static let name = "Normalize"
    /// 1 or 2.
    package var p: Int
    package var axis: Int
    package var epsilon: Float

    package init(p: Int = 2, axis: Int = -1, epsilon: Float = 1e-12) {
        self.p = p
        self.axis = axis
        self.epsilon = epsilon
    }

    package var attributes: String { "p=\(p) axis=\(axis)" }
    package var inPlaceInputs: [Int] { [0] }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        try requireFloat(inputs, x)
        guard p == 1 || p == 2 else { throw impossible(inputs, "p is \(p), not 1 or 2") }
        if let rank = x.type.rank { _ = try resolveAxis(axis, rank: rank, inputs) }
        return [x.type]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 3 * (outputs.first?.reduce(1, *) ?? 0) }
}
