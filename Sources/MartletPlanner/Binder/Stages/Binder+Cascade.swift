import MartletData
import MartletSyntax

extension Binder {
    func bindCascade(
        _ cascade: MartletSyntax.Cascade, _ stage: Stage, _ pipeline: inout Pipeline, _ locals: [String: BoundExpr]
    ) {
        let options = calibrationOptions(cascade.options)
        let calls = cascade.tiers.map(\.call) + [cascade.last]
        var tiers: [MartletPlanner.CascadeTier] = []
        var isSound = true
        for call in calls {
            let context = context(pipeline, locals)
            guard let model = model(call), let bound = bindModelCall(call, model, context) else {
                isSound = false
                continue
            }
            var inner = Pipeline(node: .hole(pipeline.node.columns), scope: pipeline.scope, batch: pipeline.batch)
            settle(context, &inner)
            tiers.append(MartletPlanner.CascadeTier(body: inner.node, call: bound, positions: [], until: nil))
        }
        guard isSound, let entries = tierOutputs(cascade.outputs, &tiers, calls, stage) else { return }
        // `until` sees the outputs under their names.
        var scope = pipeline.scope
        for entry in entries { scope.replaceOrAppend(entry) }
        for (number, tier) in cascade.tiers.enumerated() {
            let context = ExprContext(scope: scope, models: .forbidden("`until`"), locals: locals)
            let condition =
                options == nil
                ? bindCondition(tier.until, context, of: "until") : bindLearning(tier.until, context)
            if let condition {
                tiers[number].until = condition
            } else {
                isSound = false
            }
        }
        guard isSound else { return }
        let calibration = options.flatMap { bindCalibration($0, cascade, entries, tiers.map(\.positions), locals) }
        let outputs = entries.filter { $0.visibility != .onRequest || $0.isInGroup }
        let policy = policy(cascade.onError, tiers.map(\.call.model), pipeline, outputs) ?? .fail
        let tierColumn = cascade.tierColumn.map { newColumn($0.text, .string) }
        pipeline.node = .cascade(
            CascadeNode(
                input: pipeline.node, tiers: tiers, outputs: outputs.map(\.column), tierColumn: tierColumn,
                onError: policy, batch: pipeline.batch, calibration: calibration))
        pipeline.scope = scope
        if let tierColumn {
            pipeline.scope.replaceOrAppend(ScopeEntry(column: tierColumn, name: tierColumn.name, qualifier: nil))
        }
        keep(policy, &pipeline)
    }

    /// The cascade's columns, and for each tier where its model gives them; nil after a report.
    private func tierOutputs(
        _ outputs: Outputs, _ tiers: inout [MartletPlanner.CascadeTier], _ calls: [Call], _ stage: Stage
    ) -> [ScopeEntry]? {
        let first = tiers[0].call.model.signature
        let fields: [(name: Name, shown: String, short: String, qualifier: String?)]
        switch outputs {
        case .fields(let written):
            fields = written.map { ($0.name, ($0.alias ?? $0.name).text, ($0.alias ?? $0.name).text, nil) }
        case .single(let name):
            let given = first.outputs.filter { !$0.onRequest }
            fields =
                given.count == 1
                ? [(Name(given[0].name, name.span), name.text, name.text, nil)]
                : given.map { (Name($0.name, name.span), "\(name.text).\($0.name)", $0.name, name.text) }
        }
        var entries: [ScopeEntry] = []
        for field in fields {
            if entries.contains(where: { same($0.column.name, field.shown) }) {
                report(.duplicateName, "`\(field.shown)` is given twice", at: field.name.span)
                return nil
            }
            var type: DataType?
            for number in tiers.indices {
                let model = tiers[number].call.model
                guard let place = model.signature.outputs.firstIndex(where: { same($0.name, field.name.text) }) else {
                    report(
                        .unknownOutput, "model `\(model.name)` has no output `\(field.name.text)`",
                        at: calls[number].name.span,
                        secondary: [(field.name.span, "asked for here")],
                        notes: [
                            "\(model.name) gives \(model.signature.outputs.map { "\($0.name) \($0.type.text)" }.joined(separator: ", "))"
                        ])
                    return nil
                }
                tiers[number].positions.append(place)
                let next = outputTypes(tiers[number].call)[place]
                guard let both = type.map({ $0.joined(with: next) }) ?? next else {
                    report(
                        .tiersDisagree,
                        "output `\(field.name.text)` is \(next.text) in `\(model.name)` and \(type?.text ?? "") in the tiers before",
                        at: calls[number].span)
                    return nil
                }
                type = both
            }
            guard let type else { return nil }
            entries.append(
                ScopeEntry(
                    column: newColumn(field.shown, type), name: field.short, qualifier: field.qualifier,
                    isInGroup: field.qualifier != nil,
                    origin: "cascade, line \(lineNumber(stage.span))"))
        }
        return entries
    }
}
