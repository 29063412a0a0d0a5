import MartletData

/// route when c then infer m(x) when d then infer m(y) else … rows
///   = route when arm = 0 … (infer m(case arm when 0 then x when 1 then y end) (extend case when c then 0 … as arm rows))
///
/// Rows of other arms have a null argument, so the model does not run on them. Only where nothing that is then computed for
/// rows of other arms can fail, and not where the model and another one on its answers are to become one graph.
struct BatchArms: PlanRule {
    static let name = "batch_arms"
    static let summary = "runs a model that several arms of a route begin with on the rows of all of them together"

    /// What two calls must have in common.
    private struct Key: Hashable {
        var model: BoundModel.Key
        var positions: [Int]
        var types: [DataType]
        var onError: ErrorPolicy
        var batch: BatchAdvice
    }

    func apply(_ node: LogicalNode, _ context: inout RuleContext) -> LogicalNode? {
        guard case .route(let route) = node, !route.arms.contains(where: { $0.condition?.canFail ?? false }) else {
            return nil
        }
        var groups: [Key: [Int]] = [:]
        for (number, arm) in route.arms.enumerated() {
            guard let call = arm.body.callOverHole, let key = key(call, in: arm.body) else { continue }
            groups[key, default: []].append(number)
        }
        guard let arms = groups.values.filter({ $0.count > 1 }).min(by: { $0[0] < $1[0] }) else { return nil }
        return .route(batched(route, arms, &context))
    }

    private func key(_ infer: InferNode, in body: LogicalNode) -> Key? {
        guard infer.recurrence == nil, infer.onError == .fail || infer.onError == .null,
            !infer.call.model.signature.inputs.contains(where: \.isConstant),
            !infer.call.arguments.contains(where: \.canFail), !body.feedsModel(Set(infer.outputs.map(\.column.id)))
        else { return nil }
        return Key(
            model: infer.call.model.key, positions: infer.call.positions, types: infer.call.arguments.map(\.type),
            onError: infer.onError, batch: infer.batch)
    }

    private func batched(_ route: RouteNode, _ arms: [Int], _ context: inout RuleContext) -> RouteNode {
        var result = route
        let calls = arms.compactMap { route.arms[$0].body.callOverHole }
        var infer = calls[0]
        infer.input = route.input
        if arms.count < route.arms.count || !calls.allSatisfy({ $0.call.arguments == infer.call.arguments }) {
            let number = PlanColumn(id: context.newColumn(), name: "arm", type: .int)
            let conditions = route.arms.compactMap(\.condition)
            infer.input = .extend(
                ExtendNode(
                    input: route.input,
                    computed: [
                        ComputedColumn(
                            number,
                            .conditional(
                                conditions.enumerated().map { ConditionalArm(when: $1, then: Self.constant($0)) },
                                otherwise: Self.constant(conditions.count), .int))
                    ]))
            for arm in conditions.indices { result.arms[arm].condition = Self.takes(arm, number) }
            infer.call.arguments = infer.call.arguments.indices.map { place in
                .conditional(
                    zip(arms, calls).map {
                        ConditionalArm(when: Self.takes($0, number), then: $1.call.arguments[place])
                    },
                    otherwise: nil, infer.call.arguments[place].type)
            }
        }
        infer.outputs = []
        for output in calls.flatMap(\.outputs)
        where !infer.outputs.contains(where: { $0.position == output.position }) {
            var column = output.column
            column.id = context.newColumn()
            infer.outputs.append(InferOutput(column: column, position: output.position))
        }
        result.widenInput(.infer(infer))
        for (arm, call) in zip(arms, calls) {
            result.arms[arm].body = route.arms[arm].body.replacingCallOverHole(
                with: Self.answered(call, infer, seen: route.input.columns))
        }
        return result
    }

    /// The columns that `call` gave, from the answers of `infer` below.
    private static func answered(_ call: InferNode, _ infer: InferNode, seen: [PlanColumn]) -> LogicalNode {
        let passed = seen.map(ComputedColumn.init(passing:))
        let answers = call.outputs.map { output in
            let source = infer.outputs.first { $0.position == output.position } ?? output
            return ComputedColumn(output.column, .column(source.column.id, output.column.type))
        }
        return .project(ProjectNode(input: .hole(LogicalNode.infer(infer).columns), outputs: passed + answers))
    }

    private static func constant(_ number: Int) -> BoundExpr { .constant(.int(Int64(number)), .int) }

    private static func takes(_ arm: Int, _ number: PlanColumn) -> BoundExpr {
        let arguments = [BoundExpr.column(number.id, .int), constant(arm)]
        return .call(FunctionCall(FunctionTable.known("="), arguments, type: .bool))
    }
}

extension LogicalNode {
    /// Whether a model of this plan takes one of `columns`.
    fileprivate func feedsModel(_ columns: Set<ColumnID>) -> Bool {
        var found = false
        visit { node in
            guard case .infer(let infer) = node else { return }
            found = found || infer.call.arguments.contains { !$0.columns.isDisjoint(with: columns) }
        }
        return found
    }
}
