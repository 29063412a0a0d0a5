/// route … arm: infer m(x) as b rows (… (infer m(x) as a …)) = route … arm: select …, a as b rows (… (infer m(x) as a …))
///
/// What `share_infer` does along a pipeline, for calls that an arm of a route begins with and that were made on the way to
/// the route.
struct ShareArmInfer: PlanRule {
    static let name = "share_arm_infer"
    static let summary = "gives arms of a route the answers of equal calls before it"

    func apply(_ node: LogicalNode, _ context: inout RuleContext) -> LogicalNode? {
        guard case .route(var route) = node else { return nil }
        for (number, arm) in route.arms.enumerated() {
            guard let call = arm.body.callOverHole, call.recurrence == nil else { continue }
            if case .keep = call.onError { continue }
            var wanted: [(output: InferOutput, source: ColumnID)] = []
            guard let below = ShareInfer().widen(route.input, call, &wanted, &context) else { continue }
            let sources = Dictionary(wanted.map { ($0.output.column.id, $0.source) }) { first, _ in first }
            let seen = LogicalNode.infer(call).columns
            route.widenInput(below)
            let answered = ProjectNode(
                input: .hole(below.columns),
                outputs: seen.map { ComputedColumn($0, .column(sources[$0.id] ?? $0.id, $0.type)) })
            route.arms[number].body = arm.body.replacingCallOverHole(with: .project(answered))
            return .route(route)
        }
        return nil
    }
}

extension LogicalNode {
    /// The model call that an arm begins with.
    var callOverHole: InferNode? {
        guard inputs.count == 1 else { return nil }
        if case .infer(let infer) = self, case .hole = infer.input { return infer }
        return inputs[0].callOverHole
    }

    func replacingCallOverHole(with new: LogicalNode) -> LogicalNode {
        if case .infer(let infer) = self, case .hole = infer.input { return new }
        return mapInput { $0.replacingCallOverHole(with: new) }
    }

    /// An arm over other rows than those handed to it; holes of arms inside it are theirs.
    fileprivate func replacingHole(with new: LogicalNode) -> LogicalNode {
        if case .hole = self { return new }
        return mapInput { $0.replacingHole(with: new) }
    }
}

extension RouteNode {
    /// Takes an input with more columns, of which the arms see what they saw before: one may write all it sees to a file.
    mutating func widenInput(_ new: LogicalNode) {
        let seen = input.columns
        input = new
        guard new.columns != seen else { return }
        let narrowed = ProjectNode(
            input: .hole(new.columns), outputs: seen.map(ComputedColumn.init(passing:)))
        for arm in arms.indices { arms[arm].body = arms[arm].body.replacingHole(with: .project(narrowed)) }
    }
}
