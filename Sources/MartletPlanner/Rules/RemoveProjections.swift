/// select a, b, c rows = rows, if those are exactly the rows' columns, in that order and under those names;
/// select s (select t rows) = select s rows, if s only passes on or renames and t only passes on.
struct RemoveProjections: PlanRule {
    static let name = "remove_projections"
    static let summary = "drops selects that change nothing"

    func apply(_ node: LogicalNode, _ context: inout RuleContext) -> LogicalNode? {
        guard case .project(var outer) = node else { return nil }
        if outer.outputs.allSatisfy(\.isPassedOn), outer.outputs.map(\.column) == outer.input.columns {
            return outer.input
        }
        if case .project(let inner) = outer.input, inner.outputs.allSatisfy(\.isPassedOn) {
            outer.input = inner.input
            return .project(outer)
        }
        return nil
    }
}
