import MartletPlanner

/// Operators one after the other, each with its entry in the profile.
final class Chain {
    private struct Link {
        var step: any Operator
        /// nil for an operator whose parts have entries of their own.
        var profileIndex: Int?
    }

    private var links: [Link] = []
    private let context: QueryContext
    /// The operator that gives what it held back, once the input has ended.
    private var ending = 0
    private var isEnding = false

    init(_ context: QueryContext) { self.context = context }

    func append(_ step: any Operator, profileIndex: Int?) { links.append(Link(step: step, profileIndex: profileIndex)) }

    /// Whether some operator needs no further rows.
    var isSatisfied: Bool { links.contains { $0.step.isSatisfied } }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] { try push(blocks, from: 0) }

    /// Ends the input: some of what operators held back goes through those after them; nil at the end.
    func drain(rows: Int) throws -> [RowBlock]? {
        while ending < links.count {
            try context.checkCancelled()
            let isFirst = !isEnding
            isEnding = true
            let held = try measured(links[ending], rowsIn: 0) { step in
                isFirst ? try step.finish() : try step.more(rows: rows)
            }
            guard let held else {
                ending += 1
                isEnding = false
                continue
            }
            let result = try push(held, from: ending + 1)
            if !result.isEmpty { return result }
        }
        return nil
    }

    /// Ends the input of operators that hold no rows back.
    func finish() throws { while try drain(rows: context.settings.morselRows) != nil {} }

    func abandon() { for link in links { link.step.abandon() } }

    private func push(_ blocks: [RowBlock], from first: Int) throws -> [RowBlock] {
        var current = blocks
        for index in links.indices.dropFirst(first) {
            guard !current.isEmpty else { return [] }
            try context.checkCancelled()
            let rows = current.reduce(0) { $0 + $1.rowCount }
            current = try measured(links[index], rowsIn: rows) { try $0.push(current) } ?? []
        }
        return current
    }

    private func measured(
        _ link: Link, rowsIn: Int, _ body: (any Operator) throws -> [RowBlock]?
    ) throws -> [RowBlock]? {
        guard let index = link.profileIndex else { return try body(link.step) }
        let start = monotonicSeconds()
        let result = try body(link.step)
        let seconds = monotonicSeconds() - start
        let rowsOut = result?.reduce(0) { $0 + $1.rowCount } ?? 0
        context.profile.update(index) {
            $0.rowsIn += rowsIn
            $0.rowsOut += rowsOut
            $0.seconds += seconds
        }
        return result
    }
}
