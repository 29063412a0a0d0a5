import MartletTensor

/// x / sqrt(mean(x²) + epsilon) · gamma over the axes from `axis` on. Inputs: x, gamma?
package struct RMSNormOp: GraphOp {
    package static let name = "RMSNorm"
    package var axis: Int
    package var epsilon: Float

    package init(axis: Int = -1, epsilon: Float = 1e-5) {
        self.axis = axis
        self.epsilon = epsilon
    }

    package var attributes: String { (axis == -1 ? "" : "axis=\(axis) ") + "eps=\(epsilon)" }
    package var inPlaceInputs: [Int] { [0] }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        try requireFloat(inputs, x)
        if let rank = x.type.rank { _ = try resolveAxis(axis, rank: rank, inputs) }
        return [x.type]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 4 * (outputs.first?.reduce(1, *) ?? 0) }
}
