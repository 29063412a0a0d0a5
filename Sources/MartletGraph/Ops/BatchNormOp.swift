import MartletTensor

/// (x - mean) / sqrt(variance + epsilon) · scale + bias for each channel (axis 1). Inputs: x, scale, bias, mean, variance.
package struct BatchNormOp: GraphOp {
    package static let name = "BatchNorm"
    package var epsilon: Float

    package init(epsilon: Float = 1e-5) { self.epsilon = epsilon }

    package var attributes: String { "eps=\(epsilon)" }
    package var inPlaceInputs: [Int] { [0] }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        try requireFloat(inputs, x)
        if let rank = x.type.rank, rank < 2 { throw impossible(inputs, "wants [batch, channels, …]") }
        for index in 1...4 {
            let parameter = try operand(inputs, index)
            if let shape = parameter.type.shape {
                guard shape.count == 1 else { throw impossible(inputs, "input \(index) is no vector") }
                if let a = shape[0].fixedValue, let b = x.type.shape?[1].fixedValue, a != b {
                    throw impossible(inputs, "input \(index) has \(a) elements for \(b) channels")
                }
            }
        }
        return [x.type]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 2 * (outputs.first?.reduce(1, *) ?? 0) }
}
