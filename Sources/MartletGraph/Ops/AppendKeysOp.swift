import MartletTensor

/// A cache of keys or values with those of new tokens put in. Inputs: cache float [batch, heads, room, d]?, new float [batch,
/// tokens, heads·d], starts int64 [batch] (the place of each row's first new token), length int64 (one number).
/// Result: float [batch, heads, max(room, length), d]: each row's cache up to its start, the new tokens, zeros.
package struct AppendKeysOp: GraphOp {
    package static let name = "AppendKeys"
    package var heads: Int

    package init(heads: Int) { self.heads = heads }

    package var attributes: String { "heads=\(heads)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let new = try operand(inputs, 1)
        for input in [optional(inputs, 0), new].compactMap({ $0 }) where input.type.dtype != .float32 {
            throw impossible(inputs, "wants float, not \(input.type.dtype.name)")
        }
        for index in 2...3 where try operand(inputs, index).type.dtype != .int64 {
            throw impossible(inputs, "starts and length are int64")
        }
        guard heads > 0 else { throw impossible(inputs, "\(heads) heads") }
        guard let shape = new.type.shape else { return [ValueType(.float32, nil)] }
        guard shape.count == 3, shape[2].fixedValue?.isMultiple(of: heads) ?? true else {
            throw impossible(inputs, "new keys are no [batch, tokens, \(heads)·d]")
        }
        if let cache = optional(inputs, 0)?.type.shape, cache.count != 4 {
            throw impossible(inputs, "the cache is no [batch, heads, tokens, d]")
        }
        return [ValueType(.float32, [shape[0], .fixed(heads), .unknown, shape[2] / .fixed(heads)])]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let new = try operand(inputs, 1, context)
        guard heads > 0, new.rank == 3, new.dtype == .float32, new.shape[2].isMultiple(of: heads) else {
            throw context.invalid(self, inputs, "new keys are no [batch, tokens, \(heads)·d]")
        }
        let (batch, tokens, dim) = (new.shape[0], new.shape[1], new.shape[2] / heads)
        let cache = try optional(inputs, 0).map { _ in try operand(inputs, 0, context) }
        let room = cache.map { $0.rank == 4 ? $0.shape[2] : -1 } ?? 0
        guard cache.map({ $0.dtype == .float32 && $0.shape == [batch, heads, room, dim] }) ?? true else {
            throw context.invalid(self, inputs, "the cache is no [\(batch), \(heads), …, \(dim)]")
        }
        let starts = try operand(inputs, 2, context)
        guard starts.dtype == .int64, starts.count == batch,
            let wanted = try operand(inputs, 3, context).integerValues(limit: 1)?.first
        else { throw context.invalid(self, inputs, "there is no start for each row, or no length") }
        let length = max(room, wanted)
        guard starts.elements(Int64.self).allSatisfy({ $0 >= 0 && $0 <= length - tokens }) else {
            throw context.invalid(self, inputs, "\(tokens) new tokens go beyond a length of \(length)")
        }
        let result = try context.output(0, .float32, [batch, heads, length, dim])
        guard result.count > 0 else { return [result] }
        for row in 0..<batch {
            let start = Int(starts.elements(Int64.self)[row])
            for head in 0..<heads {
                let to = result.mutableFloats + (row * heads + head) * length * dim
                let kept = min(start, room)
                if let cache { to.update(from: cache.floats + (row * heads + head) * room * dim, count: kept * dim) }
                (to + kept * dim).update(repeating: 0, count: (length - kept) * dim)
                for token in 0..<tokens {
                    let from = new.floats + ((row * tokens + token) * heads + head) * dim
                    (to + (start + token) * dim).update(from: from, count: dim)
                }
            }
        }
        return [result]
    }
}
