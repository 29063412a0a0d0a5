/// infer m(x) as b (… (infer m(x) as a rows)) = select …, a as b (… (infer m(x) as a rows))
///
/// Not for calls with state, each of which has a state of its own. Two calls of one model (under whatever names) on equal arguments, with equal policy, along one pipeline are one call with the outputs of both. The
/// nodes between may drop rows and add columns; they must pass on the outputs, so a projection between them is widened.
struct ShareInfer: PlanRule {
    static let name = "share_infer"
    static let summary = "runs equal model calls once"

    func apply(_ node: LogicalNode, _ context: inout RuleContext) -> LogicalNode? {
        guard case .infer(let second) = node, second.recurrence == nil else { return nil }
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
    func widen(
        _ node: LogicalNode, _ second: InferNode, _ wanted: inout [(output: InferOutput, source: ColumnID)],
        _ context: inout RuleContext
    ) -> LogicalNode? {
        switch node {
        case .infer(var first):
            if first.call.model.key == second.call.model.key, first.call.arguments == second.call.arguments,
                first.call.positions == second.call.positions, first.onError == second.onError,
                first.recurrence == nil
            {
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
            let lowered = second.below(project.outputs)
            guard let input = widen(project.input, lowered, &wanted, &context) else { return nil }
            let passed = Set(project.outputs.filter(\.isPassedOn).map(\.column.id))
            let types = Dictionary(input.columns.map { ($0.id, $0) }) { first, _ in first }
            for source in Set(wanted.map(\.source)).sorted() where !passed.contains(source) {
                guard let column = types[source] else { return nil }
                project.outputs.append(ComputedColumn(column, .column(source, column.type)))
            }
            project.input = input
            return .project(project)
        case .extend(var extend):
            guard let input = widen(extend.input, second.below(extend.computed), &wanted, &context) else { return nil }
            extend.input = input
            return .extend(extend)
        case .filter, .sort, .limit, .assert, .cascade, .sample, .unnest:
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

extension InferNode {
    /// The call with its arguments in terms of what lies below a node that computes `columns`. Large expressions stay, as
    /// putting them in again and again could make arguments grow without bound.
    fileprivate func below(_ columns: [ComputedColumn]) -> InferNode {
        var values: [ColumnID: BoundExpr] = [:]
        for computed in columns where !computed.isPassedOn && !computed.expr.isLarger(than: 100) {
            values[computed.column.id] = computed.expr
        }
        guard !values.isEmpty, !call.arguments.contains(where: { $0.isLarger(than: 1_000) }) else { return self }
        var lowered = self
        lowered.call.arguments = call.arguments.map { $0.substituting(values) }
        return lowered
    }
}
