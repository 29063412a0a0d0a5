import MartletTensor

/// activation(x × W + b) + residual, where W and b are constant and may be cut into several columns blocks (fused q, k, v).
///
/// Inputs: x […, K], then `weightCount` weights ([K, N] each, or [N, K] if `isTransposed`), then as many biases ([N] or
/// nil), then the residual ([…, sum of N])?. Weights: float32, float16, bfloat16; x, biases, residual: float32.
package struct LinearOp: GraphOp {
    package static let name = "Linear"
    package var weightCount: Int
    /// Whether weights are stored [N, K], as torch has them.
    package var isTransposed: Bool
    package var activation: Activation

    package init(weightCount: Int = 1, isTransposed: Bool, activation: Activation = .none) {
        self.weightCount = weightCount
        self.isTransposed = isTransposed
        self.activation = activation
    }

    package var attributes: String {
        var words: [String] = []
        if weightCount != 1 { words.append("weights=\(weightCount)") }
        if isTransposed { words.append("transposed") }
        if activation != .none { words.append("act=\(activation.rawValue)") }
        return words.joined(separator: " ")
    }

    /// Place of the residual among the inputs.
    package var residualInput: Int { 1 + 2 * weightCount }
    package var inPlaceInputs: [Int] { [residualInput] }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard weightCount > 0, inputs.count > weightCount, inputs.count <= residualInput + 1 else {
            throw impossible(inputs, "\(inputs.count) inputs for \(weightCount) weights")
        }
        guard x.type.dtype == .float32 else { throw impossible(inputs, "wants float, not \(x.type.dtype.name)") }
        var columns = 0
        for index in 1...weightCount {
            let weight = try operand(inputs, index)
            guard [.float32, .float16, .bfloat16].contains(weight.type.dtype) else {
                throw impossible(inputs, "a weight is of type \(weight.type.dtype.name)")
            }
            guard let constant = weight.constant, constant.rank == 2 else {
                throw impossible(inputs, "a weight is no constant matrix")
            }
            let (inner, outer) =
                isTransposed ? (constant.shape[1], constant.shape[0]) : (constant.shape[0], constant.shape[1])
            if let k = x.type.shape?.last?.fixedValue, k != inner {
                throw impossible(inputs, "\(k) columns meet \(inner) rows")
            }
            if let bias = optional(inputs, index + weightCount) {
                guard bias.constant?.shape == [outer], bias.type.dtype == .float32 else {
                    throw impossible(inputs, "a bias is no constant float[\(outer)]")
                }
            }
            columns += outer
        }
        guard let shape = x.type.shape else { return [ValueType(.float32, nil)] }
        guard !shape.isEmpty else { throw impossible(inputs, "a scalar has no rows") }
        let result = Array(shape.dropLast()) + [.fixed(columns)]
        if let residual = optional(inputs, residualInput) {
            guard residual.type.dtype == .float32,
                residual.type.shape.map({ other in
                    other.count == result.count
                        && zip(other, result).allSatisfy { a, b in
                            a == b || a.fixedValue == nil || b.fixedValue == nil
                        }
                }) ?? true
            else { throw impossible(inputs, "the residual is not of the result's type") }
        }
        return [ValueType(.float32, result)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        2 * (outputs.first?.reduce(1, *) ?? 0) * (inputs.first??.last ?? 0)
    }
}
