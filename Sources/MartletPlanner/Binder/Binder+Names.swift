import MartletData
import MartletSupport
import MartletSyntax

extension Binder {
    func bindName(_ name: Name, _ context: ExprContext) -> BoundExpr? {
        if let local = context.locals[name.text.lowercased()] { return local }
        if let aggregation = context.aggregation, !aggregation.isInside {
            return bindGroupName(name, aggregation, context)
        }
        if let entry = context.scope.named(name.text).first {
            return .column(entry.column.id, entry.column.type)
        }
        let group = context.scope.members(of: name.text).filter { $0.isInGroup && $0.visibility == .visible }
        if !group.isEmpty {
            return .structure(
                group.map { .column($0.column.id, $0.column.type) },
                .structure(group.map { MartletData.Field($0.name, $0.column.type) }))
        }
        reportMissing(name, context)
        return nil
    }

    private func bindGroupName(_ name: Name, _ aggregation: Aggregation, _ context: ExprContext) -> BoundExpr? {
        if let entry = aggregation.groups.named(name.text).first { return .column(entry.column.id, entry.column.type) }
        guard let entry = context.scope.named(name.text).first else {
            reportMissing(name, context)
            return nil
        }
        if let group = aggregation.groupExprs.first(where: { $0.expr == .column(entry.column.id, entry.column.type) }) {
            return .column(group.column.id, group.column.type)
        }
        report(
            .notGrouped, "`\(name.text)` has many values in a group", at: name.span,
            help: "group by it, or take one of them: `first(\(spelled(name.text)))`, `list(\(spelled(name.text)))`")
        return nil
    }

    func reportMissing(_ name: Name, _ context: ExprContext) {
        if context.scope.expected.contains(name.text.lowercased()) { return }
        if context.isConstant {
            return report(
                .notConstant, "`\(name.text)` is not known before the query runs", at: name.span,
                help: environment.parameter(name.text) != nil ? "parameters have a dollar: `$\(name.text)`" : nil)
        }
        if let dropped = context.scope.dropped.last(where: { same($0.name, name.text) }) {
            let kept = dropped.kept.prefix(5).map { spelled($0) }.joined(separator: ", ")
            return report(
                .droppedColumn, "column `\(name.text)` is no longer here", at: name.span,
                secondary: [
                    (
                        dropped.span,
                        dropped.stage == "rename"
                            ? "`rename` calls it \(kept)"
                            : "`\(dropped.stage)` kept only \(kept)\(dropped.kept.count > 5 ? ", …" : "")"
                    )
                ],
                help: dropped.stage == "select"
                    ? "move the `\(currentStage)` above the `select`, or select \(spelled(name.text)) too"
                    : dropped.stage == "rename"
                        ? "it is called \(kept) since the `rename`"
                        : "add it to `group by`, or compute with it before the `\(dropped.stage)`")
        }
        var help = didYouMean(name.text, context.scope.names + context.locals.keys)
        if help == nil {
            if environment.parameter(name.text) != nil {
                help = "parameters have a dollar: `$\(name.text)`"
            } else if context.scope.entries.contains(where: { $0.isInGroup && same($0.name, name.text) }),
                let entry = context.scope.entries.first(where: { $0.isInGroup && same($0.name, name.text) })
            {
                help = "did you mean `\(entry.qualifier ?? "").\(entry.name)`?"
            } else if environment.model(name.text) != nil {
                help = "`\(name.text)` is a model: call it, as in `\(name.text)(text)`"
            }
        }
        if help == nil, source[name.span].hasPrefix("\"") {
            help = "a string stands in single quotes: \(quoted(name.text))"
        }
        let names = context.scope.names
        let shown = names.prefix(12).map { spelled($0) }.joined(separator: ", ")
        report(
            .unknownColumn, "there is no column `\(name.text)`", at: name.span, help: help,
            notes: help == nil && !names.isEmpty ? ["columns here are \(shown)\(names.count > 12 ? ", …" : "")"] : [])
    }

    func bindParameterName(_ name: Name) -> BoundExpr? {
        guard let parameter = environment.parameter(name.text) else {
            if isBroken(name) { return nil }
            let isTable = environment.tableParameter(name.text) != nil
            report(
                .unknownParameter,
                isTable ? "`$\(name.text)` is a table, not a value" : "there is no parameter `$\(name.text)`",
                at: name.span,
                help: isTable
                    ? "`from $\(name.text)` takes its rows"
                    : closestName(to: name.text, among: environment.parameters.map(\.name)).map {
                        "did you mean `$\($0)`?"
                    }
                        ?? "declare it: `param \(name.text) float;`")
            return nil
        }
        if let value = parameter.value { return .constant(value, parameter.type) }
        if !allowsOpenParameters, !learnsParameters {
            report(
                .missingParameter, "parameter `$\(parameter.name)` has no value", at: name.span,
                help:
                    "run with `--\(parameter.name) …`, or give a default: `param \(parameter.name) \(parameter.type.text) = …`"
            )
            return nil
        }
        return .parameter(parameter.name, parameter.type)
    }

    /// `base.name`: a qualified column, an output of a model call, or a field of a struct.
    func bindField(_ base: Expr, _ name: Name, _ span: Span, _ context: ExprContext) -> BoundExpr? {
        if case .name(let qualifier) = base.kind, context.locals[qualifier.text.lowercased()] == nil {
            let scope =
                context.aggregation.map { $0.isInside ? context.scope : merged($0.groups, context.scope) }
                ?? context.scope
            if let entry = scope.named(name.text, of: qualifier.text).first {
                return groupChecked(entry, name, context)
            }
            let members = scope.members(of: qualifier.text)
            let isColumn = !context.scope.named(qualifier.text).isEmpty
            if !members.isEmpty, !isColumn {
                report(
                    .unknownField, "`\(qualifier.text)` has no `\(name.text)`", at: name.span,
                    help: didYouMean(name.text, members.map(\.name)),
                    notes: ["it has \(members.map(\.name).joined(separator: ", "))"])
                return nil
            }
        }
        if case .call(let call) = base.kind, let model = environment.model(call.name.text) {
            guard let infer = hoist(call, model, context) else { return nil }
            guard let position = model.signature.outputs.firstIndex(where: { same($0.name, name.text) }) else {
                reportUnknownOutput(name, model)
                return nil
            }
            let column = infer.outputs[position].column
            return .column(column.id, column.type)
        }
        guard let whole = bind(base, context) else { return nil }
        guard case .structure(let fields) = whole.type else {
            report(.unknownField, "a value of type \(whole.type.text) has no fields", at: name.span)
            return nil
        }
        guard let position = fields.firstIndex(where: { same($0.name, name.text) }) else {
            report(
                .unknownField, "the struct has no field `\(name.text)`", at: name.span,
                help: didYouMean(name.text, fields.map(\.name)), notes: ["it is \(whole.type.text)"])
            return nil
        }
        if case .structure(let parts, _) = whole { return parts[position] }
        return .field(whole, position: position, fields[position].type)
    }

    private func merged(_ groups: Scope, _ rows: Scope) -> Scope {
        var scope = rows
        scope.entries = groups.entries + rows.entries
        return scope
    }

    private func groupChecked(_ entry: ScopeEntry, _ name: Name, _ context: ExprContext) -> BoundExpr? {
        let column = BoundExpr.column(entry.column.id, entry.column.type)
        guard let aggregation = context.aggregation, !aggregation.isInside else { return column }
        if aggregation.groups.entries.contains(where: { $0.column.id == entry.column.id }) { return column }
        if let group = aggregation.groupExprs.first(where: { $0.expr == column }) {
            return .column(group.column.id, group.column.type)
        }
        report(
            .notGrouped, "`\(name.text)` has many values in a group", at: name.span,
            help: "group by it, or aggregate it")
        return nil
    }

    func reportUnknownOutput(_ name: Name, _ model: BoundModel) {
        let outputs = model.signature.outputs.map(\.name)
        report(
            .unknownOutput, "model `\(model.name)` has no output `\(name.text)`", at: name.span,
            help: didYouMean(name.text, outputs),
            notes: [
                "\(model.name) gives \(model.signature.outputs.map { "\($0.name) \($0.type.text)" }.joined(separator: ", "))"
            ])
    }
}
