import MartletTensor

/// A cache with an update written into each of its batch rows, along `axis` from a place of the row's own on; at the end of
/// the axis it goes on at its beginning if `isCircular`, and is an error if not.
///
/// Inputs: cache, update (shorter along the axis, else of the same shape), places (integers [batch], 0 if left out).
package struct TensorScatterOp: GraphOp {
    package static let name = "TensorScatter"
    package var axis: Int
    package var isCircular: Bool

    package init(axis: Int = -2, isCircular: Bool = false) {
        self.axis = axis
        self.isCircular = isCircular
    }

    package var attributes: String { "axis=\(axis)\(isCircular ? " circular" : "")" }
    package var inPlaceInputs: [Int] { [0] }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let cache = try operand(inputs, 0)
        let update = try operand(inputs, 1)
        _ = try requireSameDType(inputs, [cache, update])
        if let places = optional(inputs, 2) { try requireInteger(inputs, places, "write indices") }
        guard let rank = cache.type.rank else { return [cache.type] }
        guard try resolveAxis(axis, rank: rank, inputs) > 0, update.type.rank ?? rank == rank else {
            throw impossible(inputs, "the update does not go with the cache")
        }
        return [cache.type]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let cache = try operand(inputs, 0, context)
        let update = try operand(inputs, 1, context)
        let at = try resolveAxis(axis, rank: cache.rank, inputs, context)
        guard at > 0, update.rank == cache.rank, update.dtype == cache.dtype,
            cache.shape.indices.allSatisfy({
                $0 == at ? update.shape[$0] <= cache.shape[$0] : update.shape[$0] == cache.shape[$0]
            })
        else { throw context.invalid(self, inputs, "the update does not go with the cache") }
        let batch = cache.shape[0]
        let length = cache.shape[at]
        let count = update.shape[at]
        var starts = [Int](repeating: 0, count: batch)
        if optional(inputs, 2) != nil {
            guard let given = try operand(inputs, 2, context).integerValues(), given.count == batch,
                given.allSatisfy({ $0 >= 0 && (isCircular ? $0 < Int.max - count : $0 <= length - count) })
            else { throw context.invalid(self, inputs, "the update does not fit at its write indices") }
            starts = given
        }
        let result = try writableCopy(of: cache, context)
        guard update.count > 0 else { return [result] }
        let block = cache.shape[(at + 1)...].reduce(cache.dtype.size, *)
        let rows = cache.shape[1..<at].reduce(1, *)
        for row in 0..<(batch * rows) {
            for step in 0..<count {
                let place = (starts[row / rows] + step) % length
                (result.pointer + (row * length + place) * block).copyMemory(
                    from: update.pointer + (row * count + step) * block, byteCount: block)
            }
        }
        return [result]
    }
}
