import MartletKernels
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

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let operand = try operand(inputs, 0, context)
        let at = try resolveAxis(axis, rank: operand.rank, inputs, context)
        guard p == 1 || p == 2 else { throw context.invalid(self, inputs, "p is \(p), not 1 or 2") }
        let result = try context.output(0, operand.dtype, operand.shape)
        let x = try detached(operand, from: result)
        guard x.count > 0 else { return [result] }
        let (length, inner) = (x.shape[at], x.shape[(at + 1)...].reduce(1, *))
        switch x.dtype {
        case .float32 where p == 2 && inner == 1:
            Kernels.l2Normalize(
                x.floats, epsilon: epsilon, into: result.mutableFloats, rows: x.count / length, columns: length)
        case .float32: normalize(x, result, length, inner, Float.self)
        case .float64: normalize(x, result, length, inner, Double.self)
        default: throw context.invalid(self, inputs, "wants floats, not \(x.dtype.name)")
        }
        return [result]
    }

    private func normalize<T: TensorElement & BinaryFloatingPoint>(
        _ x: Tensor, _ result: Tensor, _ length: Int, _ inner: Int, _ type: T.Type
    ) {
        let from = x.elements(T.self)
        let to = result.mutableElements(T.self)
        for row in 0..<(x.count / length) {
            let start = row / inner * length * inner + row % inner
            var sum: T = 0
            for index in 0..<length {
                let value = from[start + index * inner]
                sum += p == 1 ? Swift.abs(value) : value * value
            }
            let norm = Swift.max(p == 1 ? sum : sum.squareRoot(), T(epsilon))
            for index in 0..<length { to[start + index * inner] = from[start + index * inner] / norm }
        }
    }
}
