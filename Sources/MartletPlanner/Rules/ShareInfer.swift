/// infer m(x) as b (… (infer m(x) as a rows)) = select …, a as b (… (infer m(x) as a rows))
///
/// Two calls of one model on equal arguments, with equal policy, along one pipeline are one call with the outputs of both. The
/// nodes between may drop rows and add columns; they must pass on the outputs, so a projection between them is widened.
struct ShareInfer: PlanRule {
    static let name = "share_infer"
    static let summary = "runs equal model calls once"

    func apply(_ node: LogicalNode, _ context: inout RuleContext) -> LogicalNode? {
        guard case .infer(let second) = node else { return nil }
        if case .keep = second.onError { return nil }
        // A new id for every output that the first call is to give the second.
        var wanted: [(output: InferOutput, source: ColumnID)] = []
        guard let below = widen(second.input, second, &wanted, &context) else { return nil }
        let sources = Dictionary(wanted.map { ($0.output.column.id, $0.source) }) { first, _ in first }
        let outputs = node.columns.map { column in
            ComputedColumn(column, .column(sources[column.id] ?? column.id, column.type))
        }
        return .project(ProjectNode(input: below, outputs: outputs))
    }

    /// `node` with the first call below giving what `second` wants too; nil if there is none in reach.
    private func widen(
        _ node: LogicalNode, _ second: InferNode, _ wanted: inout [(output: InferOutput, source: ColumnID)],
        _ context: inout RuleContext
    ) -> LogicalNode? {
        switch node {
        case .infer(var first):
            if first.call == second.call, first.onError == second.onError {
                for output in second.outputs {
                    if let known = first.outputs.first(where: { $0.position == output.position }) {
                        wanted.append((output, known.column.id))
                    } else {
                        var column = output.column
                        column.id = context.newColumn()
                        first.outputs.append(InferOutput(column: column, position: output.position))
                        wanted.append((output, column.id))
                    }
                }
                return .infer(first)
            }
            guard let input = widen(first.input, second, &wanted, &context) else { return nil }
            first.input = input
            return .infer(first)
        case .project(var project):
            guard let input = widen(project.input, second, &wanted, &context) else { return nil }
            let passed = Set(project.outputs.filter(\.isPassedOn).map(\.column.id))
            let types = Dictionary(input.columns.map { ($0.id, $0) }) { first, _ in first }
            for source in Set(wanted.map(\.source)).sorted() where !passed.contains(source) {
                guard let column = types[source] else { return nil }
                project.outputs.append(ComputedColumn(column, .column(source, column.type)))
            }
            project.input = input
            return .project(project)
        case .filter, .extend, .sort, .limit, .assert, .cascade:
            var found = false
            let rebuilt = node.mapInput { input in
                guard let new = widen(input, second, &wanted, &context) else { return input }
                found = true
                return new
            }
            return found ? rebuilt : nil
        default: return nil
        }
    }
}
