import MartletData
import MartletGraph
import MartletPlanner

/// Filters on models' answers one after the other, none of which needs another's: run first is the one that takes most
/// rows away for its work, as far as earlier windows tell.
///
/// A row that fails may be one that an earlier filter, as written, takes away. So where a window fails in another order it is
/// run again in the written one, which decides.
final class ModelFilters: Operator {
    struct Filter {
        /// Models, and the condition on their answers.
        var chain: Chain
        /// What the chain's operators have done, in the profile.
        var entries: Range<Int>
        /// Floating-point operations of a row, as estimated.
        var cost: Double
        var rowsIn = 0
        var rowsOut = 0
    }

    private var filters: [Filter]
    private let columns: [PlanColumn]
    private let context: QueryContext

    /// - Parameter columns: of the input and all filters.
    init(_ filters: [Filter], columns: [PlanColumn], _ context: QueryContext) {
        self.filters = filters
        self.columns = columns
        self.context = context
    }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        let order = bestOrder
        guard order != Array(filters.indices) else { return try run(blocks, order) }
        do {
            let result = try run(blocks, order)
            context.profile.note(.orderModels)
            return result
        } catch GraphError.cancelled {
            throw GraphError.cancelled
        } catch {
            return try run(blocks, Array(filters.indices))
        }
    }

    func abandon() { for filter in filters { filter.chain.abandon() } }

    private func run(_ blocks: [RowBlock], _ order: [Int]) throws -> [RowBlock] {
        var current = blocks
        for number in order {
            guard !current.isEmpty else { return [] }
            // In one block, as a chain only knows the columns of those before it as written.
            let whole = RowBlock.concat(current, columns)
            current = try filters[number].chain.push([whole])
            filters[number].rowsIn += whole.rowCount
            filters[number].rowsOut += current.reduce(0) { $0 + $1.rowCount }
        }
        return current
    }

    /// By rising work for each row taken away; equal ones as written.
    private var bestOrder: [Int] {
        let ranks = filters.map { filter in
            let cost =
                filter.rowsIn == 0 ? filter.cost : Double(context.profile.flops(filter.entries)) / Double(filter.rowsIn)
            let kept = Double(filter.rowsOut + 1) / Double(filter.rowsIn + 2)
            return cost / (1 - kept)
        }
        return filters.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    }
}

extension ModelFilters {
    /// How many filters at the beginning of `steps` can be run in any order.
    static func count(_ steps: ArraySlice<LogicalNode>) -> Int {
        var made: Set<ColumnID> = []
        var count = 0
        var (read, own, infers): (Set<ColumnID>, Set<ColumnID>, Bool) = ([], [], false)
        for step in steps {
            read.formUnion(step.references)
            own.formUnion(Set(step.columns.map(\.id)).subtracting(step.inputs.flatMap(\.columns).map(\.id)))
            switch step {
            case .infer(let infer) where infer.recurrence == nil && infer.onError.columns.isEmpty: infers = true
            case .extend where infers: break
            case .filter where infers:
                guard read.isDisjoint(with: made) else { return count }
                made.formUnion(own)
                count += 1
                (read, own, infers) = ([], [], false)
            default: return count
            }
        }
        return count
    }

    /// The columns behind the first `count` filters of `steps`.
    static func columns(_ steps: ArraySlice<LogicalNode>, _ count: Int) -> [PlanColumn] {
        steps.filter { if case .filter = $0 { true } else { false } }.prefix(count).last?.columns ?? []
    }

    /// Floating-point operations that the models before the next filter take for a row, as their signatures say.
    static func estimatedCost(_ steps: ArraySlice<LogicalNode>) -> Double {
        var cost = 0.0
        for step in steps {
            if case .filter = step { break }
            guard case .infer(let infer) = step else { continue }
            let signature = infer.call.model.signature
            cost +=
                signature.flopPerRow ?? signature.flopPerToken.map { $0 * typicalTokens }
                ?? 2 * Double(signature.parameterCount)
        }
        return cost
    }

    /// Tokens of a text of which nothing is known.
    private static let typicalTokens = 32.0
}
