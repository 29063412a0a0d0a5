import MartletData
import MartletGraph
import MartletPlanner

/// One run of an optimized query: pull its rows window by window, then the files it writes appear.
package final class QueryRun {
    package let context: QueryContext
    package let schema: Schema
    private let columns: [PlanColumn]
    private let pipeline: Pipeline
    private var isDone = false
    private var window: Int
    private let largestWindow: Int

    /// Rows of the first window, so that first results come soon; each next one is larger.
    private static let firstWindowMorsels = 1
    /// Rows of the largest window: what inference can look ahead, and without it what keeps threads busy side by side.
    private static let largestWindow = (inference: 16_384, tables: 131_072)
    /// Of `memory_limit`, for each row of a window.
    private static let bytesOfRow = 1_024

    package init(root: LogicalNode, lets: [SharedPlan], context: QueryContext) throws {
        self.context = context
        columns = root.columns
        schema = root.schema
        let infers = root.containsInfer || lets.contains { $0.root.containsInfer }
        // What is on its way is not counted by the stages that share the limit.
        let allowed =
            context.settings.memoryLimit.map { max(context.settings.morselRows, $0 / Self.bytesOfRow) } ?? .max
        let largestWindow = min(infers ? Self.largestWindow.inference : Self.largestWindow.tables, allowed)
        self.largestWindow = largestWindow
        var shared: [SharedRows] = []
        for plan in lets {
            let known = shared
            shared.append(
                SharedRows(plan) {
                    try PipelineBuilder(context: context, lets: known, largestWindow: largestWindow).pipeline(plan.root)
                })
        }
        pipeline = try PipelineBuilder(context: context, lets: shared, largestWindow: largestWindow).pipeline(root)
        window = context.settings.morselRows * Self.firstWindowMorsels
    }

    /// The next result rows; nil at the end, when all files have been committed. After an error nothing was committed.
    package func next() throws -> [Morsel]? {
        guard !isDone else { return nil }
        do {
            if let blocks = try pipeline.next(rows: window) {
                window = min(largestWindow, window * 4)
                return blocks.map { $0.morsel(columns, schema: schema) }
            }
            isDone = true
            try context.commitFiles()
            return nil
        } catch {
            abandon()
            throw error
        }
    }

    /// Ends the run; files that were not committed never appear.
    package func abandon() {
        isDone = true
        pipeline.abandon()
        context.abortFiles()
    }

    /// Share of the input that was read, where that is known.
    package var fractionRead: Double? { pipeline.fractionRead }

    deinit { if !isDone { abandon() } }
}
