import MartletTensor

/// (t - mean) / sqrt(variance + epsilon) · gamma + beta over the axes from `axis` on, where t = x + residual.
/// Inputs: x, gamma?, beta?, residual? (x's shape).
package struct LayerNormOp: GraphOp {
    package static let name = "LayerNorm"
    package var axis: Int
    package var epsilon: Float

    package init(axis: Int = -1, epsilon: Float = 1e-5) {
        self.axis = axis
        self.epsilon = epsilon
    }

    package var attributes: String { (axis == -1 ? "" : "axis=\(axis) ") + "eps=\(epsilon)" }
    package var inPlaceInputs: [Int] { [0, 3] }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        try requireFloat(inputs, x)
        let others = [optional(inputs, 1), optional(inputs, 2), optional(inputs, 3)].compactMap { $0 }
        _ = try requireSameDType(inputs, [x] + others)
        guard let shape = x.type.shape else { return [x.type] }
        let at = try resolveAxis(axis, rank: shape.count, inputs)
        for index in 1...2 {
            guard let other = optional(inputs, index)?.type.shape else { continue }
            guard let joint = broadcastDims(Array(shape[at...]), other), joint.count == shape.count - at else {
                throw impossible(inputs, "input \(index) is not of the normalized shape")
            }
        }
        if let residual = optional(inputs, 3)?.type.shape {
            guard residual.count == shape.count,
                zip(shape, residual).allSatisfy({ a, b in
                    a == b || a.fixedValue == nil || b.fixedValue == nil
                })
            else { throw impossible(inputs, "the residual is not of the input's shape") }
        }
        return [x.type]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 8 * (outputs.first?.reduce(1, *) ?? 0) }
}
