import MartletKernels
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

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let operand = try operand(inputs, 0, context)
        if operand.dtype == .float64 { return try runNarrowed(inputs, context) }
        let at = try resolveAxis(axis, rank: operand.rank, inputs, context)
        let columns = operand.shape[at...].reduce(1, *)
        let gamma = try optional(inputs, 1).map { _ in try self.operand(inputs, 1, context) }
        guard operand.dtype == .float32, gamma.map({ $0.dtype == .float32 && $0.count == columns }) ?? true else {
            throw context.invalid(self, inputs, "gamma is not of the normalized shape")
        }
        let result = try context.output(0, .float32, operand.shape)
        let x = try detached(operand, from: result)
        guard x.count > 0 else { return [result] }
        Kernels.rmsNorm(
            x.floats, gamma: gamma?.floats, epsilon: epsilon, into: result.mutableFloats, rows: x.count / columns,
            columns: columns)
        return [result]
    }
}
