import MartletKernels
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

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let operand = try operand(inputs, 0, context)
        if operand.dtype == .float64 { return try runNarrowed(inputs, context) }
        guard operand.dtype == .float32 else { throw context.invalid(self, inputs, "wants floats") }
        let at = try resolveAxis(axis, rank: operand.rank, inputs, context)
        let columns = operand.shape[at...].reduce(1, *)
        let gamma = try parameter(1, Array(operand.shape[at...]), inputs, context)
        let beta = try parameter(2, Array(operand.shape[at...]), inputs, context)
        let residual = try optional(inputs, 3).map { _ in try self.operand(inputs, 3, context) }
        guard residual.map({ $0.shape == operand.shape && $0.dtype == .float32 }) ?? true else {
            throw context.invalid(self, inputs, "the residual is not of the input's type")
        }
        let result = try context.output(0, .float32, operand.shape)
        let x = try detached(operand, from: result)
        guard x.count > 0 else { return [result] }
        context.parallelRows(x.count / columns, work: columns * 8) { rows in
            let start = rows.lowerBound * columns
            Kernels.layerNorm(
                x.floats + start, residual: residual.map { $0.floats + start }, gamma: gamma?.floats,
                beta: beta?.floats, epsilon: epsilon, into: result.mutableFloats + start, rows: rows.count,
                columns: columns)
        }
        return [result]
    }

    /// gamma or beta, spread over the normalized shape.
    private func parameter(
        _ index: Int, _ shape: [Int], _ inputs: [Tensor?], _ context: RunContext
    ) throws -> Tensor? {
        guard optional(inputs, index) != nil else { return nil }
        let given = try operand(inputs, index, context)
        guard given.dtype == .float32, broadcastShape([given.shape, shape]) == shape else {
            throw context.invalid(self, inputs, "input \(index) is not of the normalized shape")
        }
        guard given.count != shape.reduce(1, *) else { return given }
        let spread = try Tensor(.float32, shape: shape)
        copyBroadcast(from: given, to: spread)
        return spread
    }
}
