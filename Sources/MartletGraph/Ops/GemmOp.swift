import MartletKernels
import MartletTensor

/// alpha · A × B + beta · C for matrices, each of A and B transposed if asked; C is broadcast. Inputs: a, b, c?
package struct GemmOp: GraphOp {
    package static let name = "Gemm"
    package var alpha: Float
    package var beta: Float
    package var transposeA: Bool
    package var transposeB: Bool

    package init(alpha: Float = 1, beta: Float = 1, transposeA: Bool = false, transposeB: Bool = false) {
        self.alpha = alpha
        self.beta = beta
        self.transposeA = transposeA
        self.transposeB = transposeB
    }

    package var attributes: String {
        var words: [String] = []
        if alpha != 1 { words.append("alpha=\(alpha)") }
        if beta != 1 { words.append("beta=\(beta)") }
        if transposeA { words.append("transA") }
        if transposeB { words.append("transB") }
        return words.joined(separator: " ")
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let a = try operand(inputs, 0)
        let b = try operand(inputs, 1)
        let dtype = try requireSameDType(inputs, [a, b] + [optional(inputs, 2)].compactMap { $0 })
        guard dtype != .bool else { throw impossible(inputs, "does not take bool") }
        guard let left = a.type.shape, let right = b.type.shape else {
            return [ValueType(dtype, [.unknown, .unknown])]
        }
        guard left.count == 2, right.count == 2 else { throw impossible(inputs, "wants matrices") }
        let (rows, inner) = transposeA ? (left[1], left[0]) : (left[0], left[1])
        let (other, columns) = transposeB ? (right[1], right[0]) : (right[0], right[1])
        if let n = inner.fixedValue, let m = other.fixedValue, n != m {
            throw impossible(inputs, "\(n) columns meet \(m) rows")
        }
        if let c = optional(inputs, 2)?.type.shape {
            guard let joint = broadcastDims(c, [rows, columns]), joint.count == 2 else {
                throw impossible(inputs, "C does not go together with the product")
            }
        }
        return [ValueType(dtype, [rows, columns])]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        guard let a = inputs.first ?? nil, a.count == 2 else { return 0 }
        return 2 * (outputs.first?.reduce(1, *) ?? 0) * a[transposeA ? 0 : 1]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let a = try operand(inputs, 0, context)
        let b = try operand(inputs, 1, context)
        guard a.rank == 2, b.rank == 2, a.dtype == b.dtype else {
            throw context.invalid(self, inputs, "wants matrices of one type")
        }
        let (rows, inner) = transposeA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
        let (other, columns) = transposeB ? (b.shape[1], b.shape[0]) : (b.shape[0], b.shape[1])
        guard inner == other else { throw context.invalid(self, inputs, "\(inner) columns meet \(other) rows") }
        guard a.dtype.isFloat || alpha == 1 && beta == 1 else {
            throw context.invalid(self, inputs, "alpha and beta are for floats")
        }
        let result = try context.output(0, a.dtype, [rows, columns])
        let product = MatrixProduct(
            m: rows, n: columns, k: inner, transposeA: transposeA, transposeB: transposeB, alpha: alpha)
        guard try result.count == 0 || product.run(a, 0, b, 0, result, 0, context) else {
            throw context.invalid(self, inputs, "there is no product of these types or sizes")
        }
        guard optional(inputs, 2) != nil, result.count > 0, beta != 0 else { return [result] }
        var c = try operand(inputs, 2, context)
        guard c.dtype == a.dtype, broadcastShape([c.shape, result.shape]) == result.shape else {
            throw context.invalid(self, inputs, "C does not go together with the product")
        }
        if beta != 1 {
            let scaled = try Tensor(c.dtype, shape: c.shape)
            _ = Kernels.unary(
                .affine, type: c.dtype.element, c.pointer, into: scaled.pointer, count: c.count, a: Double(beta))
            c = scaled
        }
        try BinaryOp(.add).apply(result, c, into: result)
        return [result]
    }
}
