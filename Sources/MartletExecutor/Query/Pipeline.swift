import MartletPlanner

/// A plan ready to be pulled: rows of a source go through a chain.
final class Pipeline: RowSource {
    private let source: any RowSource
    private let chain: Chain
    private let profileIndex: Int
    private let context: QueryContext
    private let largestWindow: Int
    /// Whether the source has ended, or nobody needs more of it.
    private var isDraining = false
    /// Rows of the next window at most, where few rows may be enough.
    private var smallWindow: Int?
    /// Rows of a source that gave more.
    private var held: [RowBlock] = []

    /// - Parameter firstWindow: rows of the first window at most; the next ones are larger and larger.
    init(
        source: any RowSource, chain: Chain, profileIndex: Int, context: QueryContext, largestWindow: Int,
        firstWindow: Int? = nil
    ) {
        self.largestWindow = largestWindow
        smallWindow = firstWindow
        self.source = source
        self.chain = chain
        self.profileIndex = profileIndex
        self.context = context
    }

    func next(rows: Int) throws -> [RowBlock]? {
        var rows = rows
        while !isDraining {
            try context.checkCancelled()
            let start = monotonicSeconds()
            if !chain.isSatisfied, let window = try window(rows: rows) {
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
                isDraining = true
            }
        }
        return try chain.drain(rows: rows)
    }

    private func window(rows: Int) throws -> [RowBlock]? {
        guard let small = smallWindow else { return try source.next(rows: rows) }
        let wanted = min(small, rows)
        guard let all = held.isEmpty ? try source.next(rows: wanted) : held else { return nil }
        var result: [RowBlock] = []
        var left = wanted
        held = []
        for block in all {
            let taken = min(left, block.rowCount)
            if taken > 0 { result.append(block.slice(0..<taken)) }
            if taken < block.rowCount { held.append(block.slice(taken..<block.rowCount)) }
            left -= taken
        }
        if !held.isEmpty || small < rows { context.profile.note(.startSmall) }
        smallWindow = small * 4
        return result
    }

    var fractionRead: Double? { source.fractionRead }

    func abandon() {
        source.abandon()
        chain.abandon()
    }
}

extension Pipeline {
    /// Rows of the first window of a pipeline that ends in a limit, with a model below whose rows a filter or the like may take
    /// away: about as many as the limit needs if one in four stays. nil where nothing is to be spared.
    static func firstWindow(_ steps: [LogicalNode]) -> Int? {
        var infers = false
        for step in steps {
            switch step {
            case .infer, .cascade: infers = true
            case .route: infers = infers || step.bodies.contains(where: \.containsInfer)
            case .limit(let limit) where infers:
                let (wanted, overflow) = limit.count.addingReportingOverflow(limit.offset)
                return overflow || wanted > 1 << 20 ? nil : max(leastWindow, 4 * wanted)
            // These take all rows before they give one.
            case .sort, .aggregate, .sample: return nil
            default: break
            }
        }
        return nil
    }

    private static let leastWindow = 16
}
