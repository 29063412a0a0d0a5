import MartletTensor

/// A tensor cut along `axis` into a sequence. Inputs: x, lengths (an integer: length of every piece, the last may be
/// shorter; a vector: one length each)?; without lengths, pieces of 1, which lose the axis unless `keepDims`.
package struct SequenceSplitOp: GraphOp {
    package static let name = "SequenceSplit"
    package var axis: Int
    package var keepDims: Bool

    package init(axis: Int, keepDims: Bool) {
        self.axis = axis
        self.keepDims = keepDims
    }

    package var attributes: String { "axis=\(axis)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0).type
        let lengths = optional(inputs, 1)
        if let lengths { try requireInteger(inputs, lengths, "the lengths") }
        guard var shape = x.shape else { return [.sequence(of: ValueType(x.dtype, nil))] }
        let at = try resolveAxis(axis, rank: shape.count, inputs)
        if lengths == nil, !keepDims {
            shape.remove(at: at)
        } else {
            shape[at] = lengths == nil ? .fixed(1) : .unknown
        }
        return [.sequence(of: ValueType(x.dtype, shape))]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let at = try resolveAxis(axis, rank: x.rank, inputs, context)
        let pieces = try lengths(inputs, total: x.shape[at], context)
        let outer = x.shape[..<at].reduce(1, *)
        let step = x.shape[(at + 1)...].reduce(x.dtype.size, *)
        var start = 0
        var parts: [Tensor] = []
        for length in pieces {
            var shape = x.shape
            shape[at] = length
            var part = try Tensor(x.dtype, shape: shape)
            if part.count > 0 {
                for block in 0..<outer {
                    (part.pointer + block * length * step).copyMemory(
                        from: x.pointer + (block * x.shape[at] + start) * step, byteCount: length * step)
                }
            }
            if optional(inputs, 1) == nil, !keepDims {
                shape.remove(at: at)
                part = part.reshaped(shape)
            }
            parts.append(part.owningHandles())
            start += length
        }
        return [Tensor(ownedSequence: parts)]
    }

    private func lengths(_ inputs: [Tensor?], total: Int, _ context: RunContext) throws -> [Int] {
        guard let given = optional(inputs, 1) else { return [Int](repeating: 1, count: total) }
        guard let values = given.integerValues(limit: 1 << 24), given.rank <= 1 else {
            throw context.invalid(self, inputs, "the lengths are no vector of integers")
        }
        if given.rank == 1 {
            guard values.allSatisfy({ $0 >= 0 && $0 <= total }), values.reduce(0, +) == total else {
                throw context.invalid(self, inputs, "the lengths do not sum up to \(total)")
            }
            return values
        }
        guard let each = values.first, each > 0 else {
            throw context.invalid(self, inputs, "a piece's length is not positive")
        }
        return stride(from: 0, to: total, by: each).map { min(each, total - $0) }
    }
}
