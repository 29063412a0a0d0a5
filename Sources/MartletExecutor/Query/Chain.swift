import MartletPlanner

/// Operators one after the other, each with its entry in the profile.
final class Chain {
    private struct Link {
        var step: any Operator
        var profileIndex: Int
    }

    private var links: [Link] = []
    private let context: QueryContext

    init(_ context: QueryContext) { self.context = context }

    func append(_ step: any Operator, profileIndex: Int) { links.append(Link(step: step, profileIndex: profileIndex)) }

    /// Whether some operator needs no further rows.
    var isSatisfied: Bool { links.contains { $0.step.isSatisfied } }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] { try push(blocks, from: 0) }

    /// Ends the input: what operators held back goes through those after them.
    func finish() throws -> [RowBlock] {
        var result: [RowBlock] = []
        for index in links.indices {
            let held = try measured(links[index], rowsIn: 0) { try $0.finish() }
            result += try push(held, from: index + 1)
        }
        return result
    }

    func abandon() { for link in links { link.step.abandon() } }

    private func push(_ blocks: [RowBlock], from first: Int) throws -> [RowBlock] {
        var current = blocks
        for index in links.indices.dropFirst(first) {
            guard !current.isEmpty else { return [] }
            try context.checkCancelled()
            let rows = current.reduce(0) { $0 + $1.rowCount }
            current = try measured(links[index], rowsIn: rows) { try $0.push(current) }
        }
        return current
    }

    private func measured(_ link: Link, rowsIn: Int, _ body: (any Operator) throws -> [RowBlock]) throws -> [RowBlock] {
        let start = monotonicSeconds()
        let result = try body(link.step)
        let seconds = monotonicSeconds() - start
        let rowsOut = result.reduce(0) { $0 + $1.rowCount }
        context.profile.update(link.profileIndex) {
            $0.rowsIn += rowsIn
            $0.rowsOut += rowsOut
            $0.seconds += seconds
        }
        return result
    }
}

/// A plan ready to be pulled: rows of a source go through a chain.
final class Pipeline: RowSource {
    private let source: any RowSource
    private let chain: Chain
    private let profileIndex: Int
    private let context: QueryContext
    private let largestWindow: Int
    private var isFinished = false

    init(source: any RowSource, chain: Chain, profileIndex: Int, context: QueryContext, largestWindow: Int) {
        self.largestWindow = largestWindow
        self.source = source
        self.chain = chain
        self.profileIndex = profileIndex
        self.context = context
    }

    func next(rows: Int) throws -> [RowBlock]? {
        var rows = rows
        while !isFinished {
            try context.checkCancelled()
            let start = monotonicSeconds()
            if !chain.isSatisfied, let window = try source.next(rows: rows) {
                let count = window.reduce(0) { $0 + $1.rowCount }
                let seconds = monotonicSeconds() - start
                context.profile.update(profileIndex) {
                    $0.rowsOut += count
                    $0.seconds += seconds
                }
                let result = try chain.push(window)
                if !result.isEmpty { return result }
                // Nobody waits for the first rows of an aggregate.
                rows = min(max(rows, largestWindow), rows * 4)
            } else {
                isFinished = true
                let rest = try chain.finish()
                return rest.isEmpty ? nil : rest
            }
        }
        return nil
    }

    var fractionRead: Double? { source.fractionRead }

    func abandon() {
        source.abandon()
        chain.abandon()
    }
}
