/// from d = the rows of d's plan, if nothing else in the query reads d
///
/// What the reader leaves out is then not computed; a let with several readers is still run once.
struct InlineLets: PlanRule {
    static let name = "inline_lets"
    static let summary = "plans a let that is read once together with its reader"

    func apply(_ node: LogicalNode, _ context: inout RuleContext) -> LogicalNode? {
        guard case .shared(let shared) = node, context.readers[shared.number] == 1,
            context.lets.indices.contains(shared.number)
        else { return nil }
        let root = context.lets[shared.number].root
        let columns = root.columns
        return .project(
            ProjectNode(
                input: root,
                outputs: zip(shared.columns, shared.positions).map { column, position in
                    ComputedColumn(column, .column(columns[position].id, columns[position].type))
                }))
    }
}
