import MartletData
import MartletPlanner

/// Rows of an input that each give any number of rows: read some blocks at a time, and passed on in blocks of bounded size
/// however many rows come of one.
final class ExpandingSource: RowSource {
    private let input: any RowSource
    private let beside: Pipeline?
    private let context: QueryContext
    private let rowsAtOnce: Int
    private let expand: ([RowBlock]) throws -> [Expansion]
    private var blocks: ArraySlice<RowBlock> = []
    private var expanded: ArraySlice<Expansion> = []
    /// Rows of the first of `expanded` that were passed on.
    private var done = 0

    /// - Parameters:
    ///   - beside: rows that `expand` looks up in.
    ///   - rowsAtOnce: rows of the input that `expand` takes together, about.
    ///   - expand: what becomes of blocks, in order.
    init(
        _ input: any RowSource, beside: Pipeline? = nil, _ context: QueryContext, rowsAtOnce: Int,
        _ expand: @escaping ([RowBlock]) throws -> [Expansion]
    ) {
        self.input = input
        self.beside = beside
        self.context = context
        self.rowsAtOnce = rowsAtOnce
        self.expand = expand
    }

    func next(rows wanted: Int) throws -> [RowBlock]? {
        var chunks: [(Expansion, Range<Int>)] = []
        var left = wanted
        while left > 0 {
            if let first = expanded.first {
                let count = min(context.settings.morselRows, first.rows.count - done)
                chunks.append((first, done..<done + count))
                done += count
                left -= count
                if done == first.rows.count { dropFirst() }
            } else if !chunks.isEmpty, blocks.isEmpty {
                break
            } else if try !refill(wanted) {
                break
            }
        }
        guard !chunks.isEmpty else { return nil }
        return try context.parallelMap(chunks) { expansion, range in expansion.block(range) }
    }

    private func dropFirst() {
        expanded = expanded.dropFirst()
        done = 0
    }

    /// Expands some more of the input; false at its end.
    private func refill(_ wanted: Int) throws -> Bool {
        try context.checkCancelled()
        if blocks.isEmpty {
            guard let window = try input.next(rows: wanted) else { return false }
            blocks = window[...]
        }
        var taken: [RowBlock] = []
        var count = 0
        while count < rowsAtOnce, let block = blocks.popFirst() {
            taken.append(block)
            count += block.rowCount
        }
        expanded = try expand(taken).filter { !$0.rows.isEmpty }[...]
        return true
    }

    var fractionRead: Double? { input.fractionRead }

    func abandon() {
        input.abandon()
        beside?.abandon()
    }
}

/// Rows to be made of the rows of a block.
struct Expansion: Sendable {
    var input: RowBlock
    /// For each row to be made the row of `input` that it comes from.
    var rows: [Int]
    /// The columns that come to the input's, for some of the rows to be made.
    var added: @Sendable (Range<Int>) -> [ColumnID: Column]

    func block(_ range: Range<Int>) -> RowBlock {
        var result = input.gather(Array(rows[range]))
        for (id, column) in added(range) { result.columns[id] = column }
        return result
    }
}
