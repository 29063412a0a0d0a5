import MartletPlanner

/// Some of the rows, in order. A row is chosen by a number that its place and the seed give, so blocks and threads do not
/// matter: with a percentage where the number is small enough, else the rows with the smallest numbers.
final class SampleOperator: Operator {
    /// Rows of one block that are chosen so far.
    private struct Part {
        var block: RowBlock
        var numbers: [UInt64]

        func keeping(_ isChosen: (UInt64) -> Bool) -> Part? {
            let rows = numbers.indices.filter { isChosen(numbers[$0]) }
            if rows.isEmpty { return nil }
            if rows.count == numbers.count { return self }
            return Part(block: block.gather(rows), numbers: rows.map { numbers[$0] })
        }
    }

    private let size: SampleSize
    private let stream: UInt64
    private let context: QueryContext
    private var place: UInt64 = 0
    private var parts: [Part] = []
    private var count = 0

    /// Rows that are held beyond those wanted before the superfluous ones go.
    private static let slack = 65_536

    init(_ node: SampleNode, _ context: QueryContext) {
        size = node.size
        stream = mixed(mixed(UInt64(bitPattern: Int64(node.seed))) &+ UInt64(node.number))
        self.context = context
    }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        let numbered = blocks.map(number)
        switch size {
        case .percent(100): return blocks
        case .percent(let share):
            let limit = UInt64.max / 100 * UInt64(share)
            return numbered.compactMap { $0.keeping { $0 < limit }?.block }
        case .rows(let wanted):
            parts += numbered
            count += numbered.reduce(0) { $0 + $1.numbers.count }
            if count - wanted > max(wanted, Self.slack) { shrink(to: wanted) }
            return []
        }
    }

    func finish() throws -> [RowBlock] {
        guard case .rows(let wanted) = size else { return [] }
        shrink(to: wanted)
        defer { parts = [] }
        return parts.map(\.block)
    }

    private func number(_ block: RowBlock) -> Part {
        defer { place += UInt64(block.rowCount) }
        return Part(block: block, numbers: (0..<UInt64(block.rowCount)).map { mixed(stream &+ place &+ $0) })
    }

    /// Numbers of different places differ, so just `wanted` rows are left.
    private func shrink(to wanted: Int) {
        guard count > wanted else { return }
        let order = parts.flatMap(\.numbers).sorted()
        parts = wanted == 0 ? [] : parts.compactMap { $0.keeping { $0 <= order[wanted - 1] } }
        count = wanted
    }
}

/// A number that looks like chance (the finalizer of SplitMix64); different for different ones.
private func mixed(_ number: UInt64) -> UInt64 {
    var x = number &+ 0x9e37_79b9_7f4a_7c15
    x = (x ^ (x >> 30)) &* 0xbf58_476d_1ce4_e5b9
    x = (x ^ (x >> 27)) &* 0x94d0_49bb_1331_11eb
    return x ^ (x >> 31)
}
