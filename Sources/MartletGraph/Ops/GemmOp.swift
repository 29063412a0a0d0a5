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
}
