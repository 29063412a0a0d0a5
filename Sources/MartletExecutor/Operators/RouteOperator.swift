import MartletData
import MartletPlanner

/// Each row takes the first arm whose condition is true; rows that rejoin keep the input's order.
final class RouteOperator: Operator {
    private struct Arm {
        var condition: BoundExpr?
        var chain: Chain
        var rejoins: [ColumnID?]?
        var profileIndex: Int
    }

    private let node: RouteNode
    private let inputColumns: [PlanColumn]
    private let evaluation: ExpressionRunner
    private let context: QueryContext
    private let level: Int
    private var arms: [Arm]

    init(_ node: RouteNode, builder: PipelineBuilder, depth: Int) throws {
        self.node = node
        inputColumns = node.input.columns
        context = builder.context
        level = builder.routeLevel
        evaluation = ExpressionRunner(builder.context, stage: "route", columns: node.input.columns)
        var nested = builder
        nested.routeLevel += 1
        let context = builder.context
        arms = try node.arms.map { arm in
            let index = context.profile.add("arm \(arm.name)", depth: depth + 1)
            return Arm(
                condition: arm.condition, chain: try nested.chain(arm.body, depth: depth + 2),
                rejoins: arm.rejoins, profileIndex: index)
        }
    }

    func push(_ blocks: [RowBlock]) throws -> [RowBlock] {
        var remaining = RowBlock.concat(blocks, inputColumns)
        guard remaining.rowCount > 0 else { return [] }
        remaining.columns[RowSlots.id(level: level)] = RowSlots.column(Array(0..<remaining.rowCount))
        var joined: [RowBlock] = []
        for arm in arms {
            let taken: RowBlock
            if let condition = arm.condition {
                let rows = try evaluation.trueRows(condition, remaining)
                taken = remaining.gather(rows)
                let isTaken = Set(rows)
                remaining = remaining.gather((0..<remaining.rowCount).filter { !isTaken.contains($0) })
            } else {
                taken = remaining
            }
            joined += try run(arm, taken)
        }
        return try rejoin(joined)
    }

    /// The rows of an arm that rejoin, under the route's columns and with their slots.
    private func run(_ arm: Arm, _ rows: RowBlock) throws -> [RowBlock] {
        guard rows.rowCount > 0 else { return [] }
        let blocks = try arm.chain.push(rows.cut(into: context.settings.morselRows))
        context.profile.update(arm.profileIndex) {
            $0.rowsIn += rows.rowCount
            $0.rowsOut += blocks.reduce(0) { $0 + $1.rowCount }
        }
        guard let rejoins = arm.rejoins else { return [] }
        return blocks.map { block in
            var columns: [ColumnID: Column] = [:]
            for (target, source) in zip(node.columns, rejoins) {
                columns[target.id] =
                    source.map { block[$0].widened(to: target.type) }
                    ?? Column.nulls(target.type, count: block.rowCount)
            }
            for (id, column) in block.columns where id.isHidden { columns[id] = column }
            return RowBlock(columns: columns, rowCount: block.rowCount, origins: block.origins)
        }
    }

    private func rejoin(_ parts: [RowBlock]) throws -> [RowBlock] {
        let parts = parts.filter { $0.rowCount > 0 }
        guard !parts.isEmpty else { return [] }
        let all = RowBlock.concat(parts, node.columns)
        let slots = all.slots(level: level)
        var ordered = all.gather(slots.indices.sorted { (slots[$0], $0) < (slots[$1], $1) })
        ordered.columns[RowSlots.id(level: level)] = nil
        return ordered.cut(into: context.settings.morselRows)
    }

    func finish() throws -> [RowBlock] {
        // Row-wise stages hold nothing back; finishing them settles files.
        for arm in arms { try arm.chain.finish() }
        return []
    }

    func abandon() { for arm in arms { arm.chain.abandon() } }
}
