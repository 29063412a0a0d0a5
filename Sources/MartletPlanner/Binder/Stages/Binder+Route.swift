import MartletData
import MartletSyntax

/// An arm of a route or split as written, conditions aside.
private struct WrittenArm {
    var name: String
    var body: Body
    var span: Span
}

/// An arm bound: its plan over the hole, and the names at its end (nil when its rows do not rejoin).
private struct BoundArm {
    var name: String
    var body: LogicalNode
    var scope: Scope?
    var span: Span
}

extension Binder {
    func bindRoute(
        _ route: MartletSyntax.Route, _ stage: Stage, _ pipeline: inout Pipeline, _ locals: [String: BoundExpr]
    ) {
        var written = route.arms.enumerated().map { number, arm in
            WrittenArm(name: arm.name?.text ?? "\(number + 1)", body: arm.body, span: arm.span)
        }
        written.append(WrittenArm(name: "else", body: route.otherwise, span: route.otherwise.span))
        var conditions: [BoundExpr?] = []
        var sound: [BoundExpr?] = []
        var calls: [[InferNode]] = []
        for arm in route.arms {
            let context = context(pipeline, locals)
            let complaints = diagnostics.count
            conditions.append(bindCondition(arm.condition, context, of: "when"))
            sound.append(diagnostics.count == complaints ? conditions.last ?? nil : nil)
            calls.append(context.hoisted)
        }
        checkReachability(route, sound, locals)
        let isSound = !conditions.contains { $0 == nil }
        assemble(
            written, conditions.compactMap { $0 }, calls: calls, owner: "route", fillNull: route.fillNull,
            armColumn: route.armColumn, stage, &pipeline, locals, isSound: isSound)
    }

    /// A route on a number that the key's hash gives, so the same key always goes the same way.
    func bindSplit(_ split: Split, _ stage: Stage, _ pipeline: inout Pipeline, _ locals: [String: BoundExpr]) {
        var total = 0
        for arm in split.arms {
            let (sum, overflow) = total.addingReportingOverflow(arm.weight.value)
            guard !overflow, sum <= 1 << 30 else {
                return report(.splitWeights, "the weights are too large", at: arm.weight.span)
            }
            total = sum
        }
        guard total > 0 else {
            return report(
                .splitWeights, "the weights sum to 0", at: stage.nameSpan, help: "give one arm a weight above 0")
        }
        let context = context(pipeline, locals)
        guard let key = bind(split.key, context) else { return }
        settle(context, &pipeline)
        let hash = BoundExpr.call(FunctionCall(FunctionTable.known("hash"), [key], type: .int))
        let share = BoundExpr.call(
            FunctionCall(FunctionTable.known("%"), [hash, .constant(.int(Int64(total)), .int)], type: .int))
        let column = newColumn("share of \(flatText(split.key.span))", .int)
        extendHidden([ComputedColumn(column, share)], &pipeline)
        var written: [WrittenArm] = []
        var conditions: [BoundExpr] = []
        var bound = 0
        for (number, arm) in split.arms.enumerated() {
            written.append(WrittenArm(name: arm.name?.text ?? "\(number + 1)", body: arm.body, span: arm.span))
            bound += arm.weight.value
            if number < split.arms.count - 1 {
                conditions.append(
                    .call(
                        FunctionCall(
                            FunctionTable.known("<"), [.column(column.id, .int), .constant(.int(Int64(bound)), .int)],
                            type: .bool)))
            }
        }
        assemble(
            written, conditions, calls: conditions.map { _ in [] }, owner: "split", fillNull: false,
            armColumn: split.armColumn, stage, &pipeline, locals, isSound: true)
    }

    /// Binds the bodies and puts the route together. Model calls of a later condition run only on rows that earlier arms
    /// refused: that condition and all after it move into a route inside the `else` arm.
    private func assemble(
        _ written: [WrittenArm], _ conditions: [BoundExpr], calls: [[InferNode]], owner: String, fillNull: Bool,
        armColumn: Name?, _ stage: Stage, _ pipeline: inout Pipeline, _ locals: [String: BoundExpr], isSound: Bool
    ) {
        var seen: Set<String> = []
        for arm in written where !seen.insert(arm.name.lowercased()).inserted {
            report(.duplicateName, "two arms are called `\(arm.name)`", at: arm.span)
            return
        }
        let arms = written.map { bindArm($0, owner: owner, armColumn: armColumn, pipeline, locals) }
        guard isSound, !arms.contains(where: { $0 == nil }) else { return }
        // What the first condition needs runs on all rows.
        if let first = calls.first {
            let context = context(pipeline, locals)
            context.hoisted = first
            settle(context, &pipeline)
        }
        guard let merged = merge(arms.compactMap { $0 }, owner: owner, fillNull: fillNull, pipeline, stage) else {
            return
        }
        pipeline.node = route(
            pipeline.node, merged.arms[...], conditions[...], calls.dropFirst(),
            columns: merged.scope.entries.map(\.column))
        let old = pipeline.scope
        pipeline.scope = merged.scope
        pipeline.scope.dropped = old.dropped
        let kept = merged.scope.entries.map(\.column.name)
        drop(
            old.visible.filter { entry in !kept.contains { same($0, entry.column.name) } }, stage, kept, &pipeline)
    }

    private func bindArm(
        _ arm: WrittenArm, owner: String, armColumn: Name?, _ pipeline: Pipeline, _ locals: [String: BoundExpr]
    ) -> BoundArm? {
        var inner = Pipeline(
            node: .hole(pipeline.node.columns), scope: pipeline.scope, batch: pipeline.batch)
        let columns = pipeline.node.columns
        var bound = BoundArm(name: arm.name, body: .hole(columns), scope: nil, span: arm.span)
        switch arm.body.kind {
        case .drop:
            bound.body = .drop(DropNode(input: .hole(columns)))
            return bound
        case .fail(let message):
            bound.body = .fail(FailNode(input: .hole(columns), message: message.value))
            return bound
        case .pass: break
        case .stages(let stages):
            let errors = errorCount
            bind(stages, &inner, place: .arm(of: owner), locals: locals)
            guard errorCount == errors, inner.isComplete else { return nil }
            if inner.written != nil {
                bound.body = inner.node
                return bound
            }
        }
        if let armColumn {
            let column = newColumn(armColumn.text, .string)
            inner.node = .extend(
                ExtendNode(
                    input: inner.node, computed: [ComputedColumn(column, .constant(.string(arm.name), .string))]))
            inner.scope.replaceOrAppend(ScopeEntry(column: column, name: armColumn.text, qualifier: nil))
        }
        bound.body = inner.node
        bound.scope = inner.scope
        return bound
    }

    private struct Merged {
        var arms: [MartletPlanner.RouteArm]
        var scope: Scope
    }

    /// The columns after the `end`: by name, in the order of the first arm that rejoins, then what later arms add.
    private func merge(
        _ arms: [BoundArm], owner: String, fillNull: Bool, _ pipeline: Pipeline, _ stage: Stage
    ) -> Merged? {
        let rejoining = arms.filter { $0.scope != nil }
        var names: [(name: String, entries: [ScopeEntry?])] = []
        for (number, arm) in rejoining.enumerated() {
            for entry in arm.scope?.visible ?? [] {
                if let place = names.firstIndex(where: { same($0.name, entry.column.name) }) {
                    names[place].entries[number] = entry
                } else {
                    names.append((entry.column.name, rejoining.indices.map { $0 == number ? entry : nil }))
                }
            }
        }
        var scope = Scope()
        var sources: [[ColumnID?]] = []
        var isSound = true
        for (name, entries) in names {
            if let lacking = entries.firstIndex(where: { $0 == nil }), !fillNull {
                let having = entries.firstIndex { $0 != nil } ?? 0
                report(
                    .armsDisagree, "arm `\(rejoining[lacking].name)` has no column `\(name)`",
                    at: rejoining[lacking].span,
                    secondary: [(rejoining[having].span, "arm `\(rejoining[having].name)` has it")],
                    help: "give it a value there: `extend … as \(spelled(name))`, or end with `end fill null`")
                isSound = false
                continue
            }
            let present = entries.compactMap { $0 }
            var type = present[0].column.type
            for (number, entry) in entries.enumerated() {
                guard let entry else { continue }
                guard let both = type.joined(with: entry.column.type) else {
                    report(
                        .armsDisagree,
                        "column `\(name)` is \(entry.column.type.text) in arm `\(rejoining[number].name)` and \(type.text) before",
                        at: rejoining[number].span, help: "cast one of them")
                    isSound = false
                    break
                }
                type = both
            }
            let isUnchanged = present.count == entries.count && present.allSatisfy { $0.column == present[0].column }
            let column = isUnchanged ? present[0].column : newColumn(present[0].column.name, type)
            var entry = present[0]
            entry.column = column
            if !isUnchanged { entry.origin = "\(owner), line \(lineNumber(stage.span))" }
            scope.entries.append(entry)
            sources.append(entries.map { $0?.column.id })
        }
        guard isSound else { return nil }
        var number = -1
        let bound = arms.map { arm -> MartletPlanner.RouteArm in
            guard arm.scope != nil else {
                return MartletPlanner.RouteArm(condition: nil, name: arm.name, body: arm.body, rejoins: nil)
            }
            number += 1
            return MartletPlanner.RouteArm(
                condition: nil, name: arm.name, body: arm.body, rejoins: sources.map { $0[number] })
        }
        return Merged(arms: bound, scope: scope)
    }

    private func route(
        _ input: LogicalNode, _ arms: ArraySlice<MartletPlanner.RouteArm>, _ conditions: ArraySlice<BoundExpr>,
        _ calls: ArraySlice<[InferNode]>, columns: [PlanColumn]
    ) -> LogicalNode {
        // Arms up to the first later condition that runs a model.
        let offset = calls.firstIndex { !$0.isEmpty }.map { $0 - calls.startIndex + 1 } ?? conditions.count
        var own: [MartletPlanner.RouteArm] = []
        for (arm, condition) in zip(arms, conditions).prefix(offset) {
            var arm = arm
            arm.condition = condition
            own.append(arm)
        }
        let rest = arms.dropFirst(own.count)
        if offset >= conditions.count {
            own += rest
            return .route(RouteNode(input: input, arms: own, columns: columns))
        }
        var inner = LogicalNode.hole(input.columns)
        for var call in calls[calls.startIndex + offset - 1] {
            call.input = inner
            inner = .infer(call)
        }
        let held = inner.columns
        let widened = rest.map { arm -> MartletPlanner.RouteArm in
            var arm = arm
            arm.body = arm.body.overHole(held)
            return arm
        }
        let nested = route(
            inner, widened[...], conditions.dropFirst(own.count), calls.dropFirst(offset), columns: columns)
        let rejoins = rest.contains { $0.rejoins != nil } ? columns.map { Optional($0.id) } : nil
        own.append(MartletPlanner.RouteArm(condition: nil, name: "else", body: nested, rejoins: rejoins))
        return .route(RouteNode(input: input, arms: own, columns: columns))
    }
}

extension LogicalNode {
    /// The plan of an arm over a hole with other columns; holes of arms inside it follow.
    func overHole(_ columns: [PlanColumn]) -> LogicalNode {
        switch self {
        case .hole: return .hole(columns)
        case .route(var node):
            node.input = node.input.overHole(columns)
            for arm in node.arms.indices { node.arms[arm].body = node.arms[arm].body.overHole(node.input.columns) }
            return .route(node)
        case .cascade(var node):
            node.input = node.input.overHole(columns)
            for tier in node.tiers.indices {
                node.tiers[tier].body = node.tiers[tier].body.overHole(node.input.columns)
            }
            return .cascade(node)
        default: return mapChildren { $0.overHole(columns) }
        }
    }
}
