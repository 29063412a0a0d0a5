import MartletTensor

/// softmax(scale · q kᵀ + bias) v for each head, heads side by side in the last axis.
///
/// Inputs: q, k, v, bias?, offsets?, lengths?; with `isPacked` q holds q, k and v side by side and k, v are nil.
/// Without offsets: q [batch, queries, heads·d], k and v [batch, keys, heads·d], bias broadcast to [batch, heads, queries, keys].
/// With offsets (int32 [rows + 1], first token of each sequence) and lengths (int32 [rows]): q, k, v [tokens, heads·d], each
/// sequence sees its own first `length` tokens only; bias [1, heads, n, n] is read at places within the sequence, n at
/// least the greatest length; token rows of no sequence become zero. All float32. A query whose keys are all masked by
/// -inf gives zeros.
package struct AttentionOp: GraphOp {
    package static let name = "Attention"
    package var heads: Int
    package var scale: Float
    package var isPacked: Bool
    package var isCausal: Bool

    package init(heads: Int, scale: Float, isPacked: Bool = false, isCausal: Bool = false) {
        self.heads = heads
        self.scale = scale
        self.isPacked = isPacked
        self.isCausal = isCausal
    }

    package var attributes: String {
        "heads=\(heads) scale=\(scale)\(isPacked ? " packed" : "")\(isCausal ? " causal" : "")"
    }

    package static let biasInput = 3
    package static let offsetsInput = 4
    package static let lengthsInput = 5

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let q = try operand(inputs, 0)
        let isRagged = optional(inputs, Self.offsetsInput) != nil
        var parts = [q]
        if !isPacked { parts += [try operand(inputs, 1), try operand(inputs, 2)] }
        for part in parts + [optional(inputs, Self.biasInput)].compactMap({ $0 })
        where part.type.dtype != .float32 {
            throw impossible(inputs, "wants float, not \(part.type.dtype.name)")
        }
        guard heads > 0 else { throw impossible(inputs, "\(heads) heads") }
        if isRagged {
            for index in [Self.offsetsInput, Self.lengthsInput] {
                let input = try operand(inputs, index)
                guard input.type.dtype == .int32, input.type.rank ?? 1 == 1 else {
                    throw impossible(inputs, "offsets and lengths are int32 vectors")
                }
            }
        }
        let pieces = isPacked ? 3 : 1
        for part in parts {
            guard let shape = part.type.shape else { continue }
            guard shape.count == (isRagged ? 2 : 3) else {
                throw impossible(inputs, "wants \(isRagged ? "[tokens, hidden]" : "[batch, tokens, hidden]")")
            }
            if let width = shape.last?.fixedValue, !width.isMultiple(of: heads * pieces) {
                throw impossible(inputs, "\(width) columns do not divide among \(heads) heads")
            }
        }
        guard let shape = q.type.shape else { return [ValueType(.float32, nil)] }
        let width: Dim
        if isPacked {
            width = shape[shape.count - 1] / .fixed(3)
        } else {
            width = parts[2].type.shape?.last ?? .unknown
        }
        return [ValueType(.float32, Array(shape.dropLast()) + [width])]
    }

    /// Of the padded form: every query against every key. Ragged runs count what they do themselves.
    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        guard let q = inputs.first ?? nil, let out = outputs.first, let width = out.last, q.count == 3 else { return 0 }
        let keys = isPacked ? q[1] : (inputs.count > 1 ? inputs[1]?[1] ?? 0 : 0)
        return 4 * q[0] * q[1] * keys * width
    }
}
