/// Skips `offset` rows, passes `count` on, then is satisfied.
final class LimitOperator: Operator {
    private var toSkip: Int
    private var left: Int

    init(count: Int, offset: Int) {
        toSkip = offset
        left = count
    }

    var isSatisfied: Bool { left == 0 }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        var result: [RowBlock] = []
        for block in blocks {
            let skipped = min(toSkip, block.rowCount)
            toSkip -= skipped
            let taken = min(left, block.rowCount - skipped)
            left -= taken
            if taken > 0 { result.append(block.slice(skipped..<skipped + taken)) }
        }
        return result
    }
}
