import MartletKernels
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
    /// What the product is made of, where the CPU and the weights allow it: see `ProductWeights`.
    package var precision: Precision

    package init(
        weightCount: Int = 1, isTransposed: Bool, activation: Activation = .none, precision: Precision = .exact
    ) {
        self.weightCount = weightCount
        self.isTransposed = isTransposed
        self.activation = activation
        self.precision = precision
    }

    package var attributes: String {
        var words: [String] = []
        if weightCount != 1 { words.append("weights=\(weightCount)") }
        if isTransposed { words.append("transposed") }
        if activation != .none { words.append("act=\(activation.rawValue)") }
        if precision != .exact { words.append(precision.rawValue) }
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

    /// The weights are read once, by `prepare`, wherever they lie.
    package var unalignedInputs: Range<Int> { 1..<(1 + max(weightCount, 0)) }

    /// Packed weights and gathered biases.
    private final class Packed: Sendable {
        let weights: ProductWeights
        /// All columns' biases, zero where there is none; nil if there is none at all.
        let bias: Tensor?

        init(_ weights: ProductWeights, _ bias: Tensor?) {
            self.weights = weights
            self.bias = bias
        }
    }

    /// The weights in packed form; nil if they are no constant matrices of one K. Throws `TensorError`.
    func weights(_ constants: [Tensor?]) throws -> ProductWeights? {
        guard weightCount > 0, constants.count > weightCount else { return nil }
        let weights = constants[1...weightCount].compactMap { $0 }
        guard weights.count == weightCount else { return nil }
        return try ProductWeights(weights, isTransposed: isTransposed, precision: precision)
    }

    package func prepare(_ constants: [Tensor?]) throws -> AnyObject? {
        guard let packed = try weights(constants) else { return nil }
        let biases = (0..<weightCount).map { optional(constants, 1 + weightCount + $0) }
        guard biases.contains(where: { $0 != nil }) else { return Packed(packed, nil) }
        let all = try Tensor(.float32, shape: [packed.columns])
        ScalarValue(Float(0)).fill(all)
        var place = 0
        for (index, bias) in biases.enumerated() {
            let columns = constants[1 + index]?.shape[isTransposed ? 0 : 1] ?? 0
            if let bias = bias?.aligned(), bias.dtype == .float32, bias.count == columns {
                (all.mutableFloats + place).update(from: bias.floats, count: bias.count)
            }
            place += columns
        }
        return Packed(packed, all)
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard let packed = context.prepared as? Packed, x.dtype == .float32, x.shape.last == packed.weights.rows
        else { throw context.invalid(self, inputs, "the weights are no constant matrices for this input") }
        let columns = packed.weights.columns
        let shape = Array(x.shape.dropLast()) + [columns]
        let residual = try optional(inputs, residualInput).map { _ in try operand(inputs, residualInput, context) }
        guard residual.map({ $0.shape == shape && $0.dtype == .float32 }) ?? true else {
            throw context.invalid(self, inputs, "the residual is not of the result's type")
        }
        let result = try context.output(0, .float32, shape)
        guard result.count > 0 else { return [result] }
        var products: [Kernels.Gemm] = []
        var place = 0
        for part in packed.weights.parts {
            products.append(
                Kernels.Gemm(
                    a: x.floats, b: part, c: result.mutableFloats + place, cStride: columns,
                    bias: packed.bias.map { $0.floats + place }, activation: activation.kernel,
                    residual: residual.map { $0.floats + place }, residualStride: columns))
            place += part.columns
        }
        try context.multiply(products, rows: result.count / columns)
        return [result]
    }
}
