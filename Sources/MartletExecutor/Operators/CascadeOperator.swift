import MartletData
import MartletPlanner

/// Each row goes from model to model until one's answer is good enough.
final class CascadeOperator: Operator {
    private struct Tier {
        var chain: Chain
        var stage: InferStage
        var until: BoundExpr?
        var name: String
        /// No threshold lets it answer.
        var isLeftOut = false
    }

    private let node: CascadeNode
    private let inputColumns: [PlanColumn]
    private let evaluation: ExpressionRunner
    private let context: QueryContext
    private let level: Int
    private let failureHandler: FailureHandler
    private var tiers: [Tier]
    /// Until thresholds are known.
    private var calibrator: CascadeCalibrator?

    init(_ node: CascadeNode, builder: PipelineBuilder, depth: Int) throws {
        self.node = node
        inputColumns = node.input.columns
        context = builder.context
        level = builder.routeLevel
        evaluation = ExpressionRunner(builder.context, stage: "cascade", columns: node.input.columns + node.outputs)
        var nested = builder
        nested.routeLevel += 1
        failureHandler = FailureHandler(node.onError, columns: node.input.columns)
        tiers = try node.tiers.map { tier in
            let name = tier.call.model.name
            let outputs = zip(node.outputs, tier.positions).map { InferPlan.Output($0, position: $1) }
            let stage = try InferStage(
                InferPlan(call: tier.call, outputs: outputs, batch: node.batch, columns: tier.body.columns),
                builder.context)
            let index = builder.context.profile.add("try \(stage.title)", depth: depth + 1)
            stage.profileIndex = index
            return Tier(
                chain: try nested.chain(tier.body, depth: depth + 2), stage: stage, until: tier.until, name: name)
        }
        calibrator = try node.calibration.map { try CascadeCalibrator(node, $0, builder: nested, depth: depth + 1) }
    }

    /// Puts the values of learnt thresholds in the place of their parameters.
    private func calibrate() throws {
        guard let calibrator else { return }
        for (number, value) in try calibrator.learn() {
            tiers[number].isLeftOut = value == nil
            guard let value else { continue }
            tiers[number].until = tiers[number].until?.rewritten { expr in
                if case .parameter(_, let type) = expr { .constant(.float(value), type) } else { expr }
            }
        }
        self.calibrator = nil
    }

    func abandon() { calibrator?.abandon() }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        var remaining = RowBlock.concat(blocks, inputColumns)
        guard remaining.rowCount > 0 else { return [] }
        try calibrate()
        let slotID = RowSlots.id(level: level)
        remaining.columns[slotID] = RowSlots.column(Array(0..<remaining.rowCount))
        var answered: [RowBlock] = []
        for (number, tier) in tiers.enumerated() where remaining.rowCount > 0 && !tier.isLeftOut {
            let isLast = number == tiers.count - 1
            let start = monotonicSeconds()
            let input = try tier.chain.push(remaining.cut(into: context.settings.morselRows))
            let result = try tier.stage.run(RowBlock.concat(input, tier.stage.plan.columns))
            let seconds = monotonicSeconds() - start
            let asked = remaining.rowCount
            context.profile.update(tier.stage.profileIndex) {
                $0.rowsIn += asked
                $0.rowsOut += asked
                $0.seconds += seconds
            }
            var block = remaining
            for output in node.outputs {
                block.columns[output.id] = result.columns[output.id]?.widened(to: output.type)
            }
            if let column = node.tierColumn {
                block.columns[column.id] = Column.constant(
                    .string(tier.name), type: column.type, count: block.rowCount)
            }
            guard !isLast, let until = tier.until else {
                answered += try failureHandler.settle(block, result.failures, stage: tier.stage, outputs: node.outputs)
                remaining = block.gather([])
                break
            }
            let failed = Set(result.failures.map(\.row))
            let good = try evaluation.trueRows(until, block).filter { !failed.contains($0) }
            let isGood = Set(good)
            var done = block.gather(good)
            if case .keep(let column) = node.onError {
                done.columns[column.id] = Column.nulls(column.type, count: done.rowCount)
            }
            answered.append(done)
            remaining = remaining.gather((0..<remaining.rowCount).filter { !isGood.contains($0) })
        }
        return rejoin(answered)
    }

    private func rejoin(_ parts: [RowBlock]) -> [RowBlock] {
        let parts = parts.filter { $0.rowCount > 0 }
        guard !parts.isEmpty else { return [] }
        let all = RowBlock.concat(parts, LogicalNode.cascade(node).columns)
        let slots = all.slots(level: level)
        var ordered = all.gather(slots.indices.sorted { slots[$0] < slots[$1] })
        ordered.columns[RowSlots.id(level: level)] = nil
        return ordered.cut(into: context.settings.morselRows)
    }
}
