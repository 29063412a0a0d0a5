import MartletData
import MartletPlanner

/// Runs a region on every row: a model and what was lowered onto its outputs.
final class InferOperator: Operator {
    private let stage: InferStage
    private let failureHandler: FailureHandler
    private let context: QueryContext
    private let columns: [PlanColumn]

    init(_ plan: InferPlan, onError: ErrorPolicy, context: QueryContext, profileIndex: Int) throws {
        stage = try InferStage(plan, context)
        columns = plan.columns
        failureHandler = FailureHandler(onError, columns: plan.columns)
        self.context = context
        stage.profileIndex = profileIndex
    }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        let blocks = blocks.filter { $0.rowCount > 0 }
        guard !blocks.isEmpty else { return [] }
        var all = RowBlock.concat(blocks, columns)
        let result = try stage.run(all)
        all.columns.merge(result.columns) { $1 }
        let settled = try failureHandler.settle(all, result.failures, stage: stage, outputs: stage.plan.allOutputs)
        return settled.flatMap { $0.cut(into: context.settings.morselRows) }
    }
}
