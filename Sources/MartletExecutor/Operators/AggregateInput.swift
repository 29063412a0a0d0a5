import MartletData
import MartletPlanner

/// Computes what an aggregate reads of its rows: keys and arguments as columns of their own, and the number of each row.
struct AggregateInput: Sendable {
    /// The aggregate over these columns.
    let node: AggregateNode
    private let computed: [ComputedColumn]
    private let evaluation: ExpressionRunner

    init(_ original: AggregateNode, _ context: QueryContext) {
        var node = original
        var computed: [ComputedColumn] = []
        // Ids that no plan gives: the columns live between this and the groups.
        var next = 1 << 40
        func column(_ expr: BoundExpr) -> BoundExpr {
            if expr.constantValue != nil { return expr }
            if let known = computed.first(where: { $0.expr == expr }) { return .column(known.column.id, expr.type) }
            next += 1
            computed.append(ComputedColumn(PlanColumn(id: ColumnID(next), name: "", type: expr.type), expr))
            return .column(ColumnID(next), expr.type)
        }
        for group in node.groups.indices { node.groups[group].expr = column(node.groups[group].expr) }
        for place in node.aggregates.indices {
            node.aggregates[place].call.arguments = node.aggregates[place].call.arguments.map(column)
        }
        self.node = node
        self.computed = computed
        evaluation = ExpressionRunner(context, stage: "aggregate", columns: original.input.columns)
    }

    func columns(_ block: RowBlock, firstRow: Int) throws -> RowBlock {
        var columns: [ColumnID: Column] = [:]
        for item in computed { columns[item.column.id] = try evaluation.column(item.expr, block) }
        return RowBlock(columns: columns, rowCount: block.rowCount, origins: block.origins).numbered(from: firstRow)
    }

    /// The columns that it gives, the number left out.
    static func columns(of node: AggregateNode) -> [PlanColumn] {
        var seen: Set<ColumnID> = []
        let exprs = node.groups.map(\.expr) + node.aggregates.flatMap(\.call.arguments)
        return exprs.compactMap { expr in
            guard case .column(let id, let type) = expr, seen.insert(id).inserted else { return nil }
            return PlanColumn(id: id, name: "", type: type)
        }
    }
}
