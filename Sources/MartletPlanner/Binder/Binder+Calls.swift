import MartletData
import MartletSupport
import MartletSyntax

extension Binder {
    func bindCall(_ call: Call, _ span: Span, _ context: ExprContext) -> BoundExpr? {
        let name = call.name.text
        if let aggregation = context.aggregation, !aggregation.isInside, let aggregate = AggregateTable.aggregate(name)
        {
            return bindAggregate(aggregate, call, span, context, aggregation)
        }
        if let model = environment.model(name) {
            guard let infer = hoist(call, model, context) else { return nil }
            let shown = zip(infer.outputs, model.signature.outputs).filter { !$1.onRequest }.map(\.0)
            if shown.count == 1 { return .column(shown[0].column.id, shown[0].column.type) }
            return .structure(
                shown.map { .column($0.column.id, $0.column.type) },
                .structure(shown.map { MartletData.Field(model.signature.outputs[$0.position].name, $0.column.type) }))
        }
        switch name.lowercased() {
        case "coalesce", "ifnull":
            guard let parts = positional(call, context), !parts.isEmpty else { return nil }
            return bindCoalesce(parts, span, context)
        case "token_count": return bindTokenCount(call, span, context)
        default: break
        }
        if let definition = environment.definition(name) { return expand(definition, call, context) }
        if let function = FunctionTable.function(name) {
            guard let arguments = positional(call, context) else { return nil }
            return bindApplied(function, arguments, span, nameSpan: call.name.span, context)
        }
        if let aggregate = AggregateTable.aggregate(name) {
            report(
                .misplacedAggregate,
                context.aggregation == nil
                    ? "`\(aggregate.name)` is an aggregate" : "`\(aggregate.name)` stands inside another aggregate",
                at: call.name.span, help: context.aggregation == nil ? "aggregates stand in `|> aggregate …`" : nil)
            return nil
        }
        if let word = ["case", "cast"].first(where: { same($0, name) }) {
            report(.unknownFunction, "`\(word)` is no function", at: call.name.span)
            return nil
        }
        if !isBroken(call.name) { reportUnknownFunction(call.name) }
        return nil
    }

    private func reportUnknownFunction(_ name: Name) {
        var names: [String] = ["coalesce", "token_count"]
        for function in FunctionTable.all.entries { names += [function.name] + function.aliases }
        names += AggregateTable.all.entries.map(\.name) + environment.defines.map(\.name) + environment.modelNames
        report(
            .unknownFunction, "there is no function or model `\(name.text)`", at: name.span,
            help: didYouMean(name.text, names.filter(isBareName)) ?? "`show functions` lists the functions")
    }

    /// The arguments of a call that takes them by place; nil after a report.
    private func positional(_ call: Call, _ context: ExprContext) -> [Expr]? {
        var result: [Expr] = []
        for argument in call.arguments {
            switch argument.kind {
            case .positional(let expr): result.append(expr)
            case .named(let name, _):
                report(
                    .wrongArgument, "`\(call.name.text)` takes its arguments by place", at: name.span,
                    help: "leave out `\(name.text) =>`")
                return nil
            case .star:
                report(.wrongArgument, "`\(call.name.text)` does not take `*`", at: argument.span)
                return nil
            }
        }
        return result
    }

    func bindOperator(_ name: String, _ operands: [Expr], _ span: Span, _ context: ExprContext) -> BoundExpr? {
        let bound = operands.map { bind($0, context) }
        guard !bound.contains(where: { $0 == nil }) else { return nil }
        return apply(FunctionTable.known(name), bound.compactMap { $0 }, operands, span)
    }

    private func bindApplied(
        _ function: Function, _ arguments: [Expr], _ span: Span, nameSpan: Span, _ context: ExprContext
    ) -> BoundExpr? {
        let bound = arguments.map { bind($0, context) }
        guard !bound.contains(where: { $0 == nil }) else { return nil }
        return apply(function, bound.compactMap { $0 }, arguments, span)
    }

    /// The function on bound arguments, cast to what it resolved to; nil after a report.
    func apply(_ function: Function, _ arguments: [BoundExpr], _ exprs: [Expr], _ span: Span) -> BoundExpr? {
        do {
            let resolution = try function.resolve(description(arguments))
            return .call(
                FunctionCall(
                    function, zip(arguments, resolution.parameters).map { convert($0, to: $1) }, type: resolution.result
                ))
        } catch {
            reportMismatch(error, function.name, function.signature, arguments, exprs, span)
            return nil
        }
    }

    func description(_ arguments: [BoundExpr]) -> FunctionArguments {
        FunctionArguments(types: arguments.map(\.type), constants: arguments.map(foldedValue))
    }

    /// The value of an expression that depends on nothing; nil if it depends on something or fails.
    func foldedValue(_ expr: BoundExpr) -> Value? {
        if case .constant(let value, _) = expr { return value }
        var isClosed = true
        expr.visit { part in
            switch part {
            case .column, .parameter, .tokenCount: isClosed = false
            default: break
            }
        }
        return isClosed ? (try? Evaluator(columns: []).evaluate(expr, [], rowCount: 1))?.value(0) : nil
    }

    func reportMismatch(
        _ error: TypeMismatch, _ name: String, _ signature: String, _ arguments: [BoundExpr], _ exprs: [Expr],
        _ span: Span
    ) {
        let isOperator = !isBareName(name) || name == "negate"
        let shown = name == "negate" ? "-" : name
        var help = error.help
        var place = span
        if let position = error.argument, position < exprs.count {
            place = exprs[position].span
            if help == nil, let wanted = error.wanted {
                help = castRemedy(exprs[position], arguments[position].type, wanted)
            }
            if help == nil, case .structure(let fields) = arguments[position].type {
                let fitting = fields.first { field in
                    if let wanted = error.wanted { return converts(field.type, to: wanted) }
                    if case .tensor = field.type { return true }
                    return false
                }
                help = fitting.map { "take one part of it: `\(source[place]).\($0.name)`" }
            }
        }
        if help == nil, AggregateTable.aggregate(name) != nil {
            help = "over rows it is an aggregate: `|> aggregate \(flatText(span))`"
        }
        let joint = error.message.hasPrefix("wants ") || error.message.hasPrefix("takes ") ? " " : ": "
        report(
            isOperator ? .wrongOperands : .wrongArgument, "`\(shown)`\(joint)\(error.message)", at: place, help: help,
            notes: isOperator ? [] : ["`\(name)` is \(signature)"])
    }

    private func bindTokenCount(_ call: Call, _ span: Span, _ context: ExprContext) -> BoundExpr? {
        guard let parts = positional(call, context) else { return nil }
        guard parts.count == 2, case .name(let name) = parts[0].kind else {
            report(
                .wrongArgument, "`token_count` takes a model and a text", at: span,
                notes: ["token_count(m, text) -> int"])
            return nil
        }
        guard let model = environment.model(name.text) else {
            if isBroken(name) { return nil }
            report(
                .unknownModel, "there is no model `\(name.text)`", at: name.span,
                help: didYouMean(name.text, environment.modelNames))
            return nil
        }
        guard model.signature.inputs.contains(where: \.isText) else {
            report(.modelInput, "model `\(model.name)` takes no text, so it counts no tokens", at: name.span)
            return nil
        }
        guard let text = bind(parts[1], context) else { return nil }
        guard converts(text.type, to: .string) else {
            report(
                .wrongArgument, "`token_count` wants string, got \(text.type.text)", at: parts[1].span,
                help: castRemedy(parts[1], text.type, .string))
            return nil
        }
        return .tokenCount(model, convert(text, to: .string))
    }

    // MARK: Aggregates

    private func bindAggregate(
        _ aggregate: Aggregate, _ call: Call, _ span: Span, _ context: ExprContext, _ aggregation: Aggregation
    ) -> BoundExpr? {
        var exprs: [Expr] = []
        if call.arguments.count == 1, case .star = call.arguments[0].kind, aggregate.name == "count" {
            // `count(*)` counts rows.
        } else {
            guard let parts = positional(call, context) else { return nil }
            exprs = parts
        }
        aggregation.isInside = true
        let bound = exprs.map { bind($0, context) }
        aggregation.isInside = false
        guard !bound.contains(where: { $0 == nil }) else { return nil }
        let arguments = bound.compactMap { $0 }
        do {
            let resolution = try aggregate.resolve(description(arguments))
            let call = AggregateCall(
                aggregate: aggregate, arguments: zip(arguments, resolution.parameters).map { convert($0, to: $1) },
                type: resolution.result)
            if let known = aggregation.columns.first(where: { $0.call == call }) {
                return .column(known.column.id, known.column.type)
            }
            let column = newColumn(flatText(span), resolution.result)
            aggregation.columns.append(AggregateColumn(column: column, call: call))
            return .column(column.id, column.type)
        } catch {
            reportMismatch(error, aggregate.name, aggregate.signature, arguments, exprs, span)
            return nil
        }
    }

    // MARK: Definitions

    /// Operations that one use of a definition may become.
    private static let expansionLimit = 10_000

    private func expand(_ definition: Definition, _ call: Call, _ context: ExprContext) -> BoundExpr? {
        guard case .expression(let body) = definition.body else {
            report(
                .misplacedStage, "`\(definition.name)` stands for stages, not for a value", at: call.name.span,
                help: "use it as a stage: `|> \(definition.name)(…)`")
            return nil
        }
        guard let locals = arguments(of: definition, call, context) else { return nil }
        return inside(definition, call.name.span) {
            let inner = ExprContext(scope: Scope(), models: context.models, locals: locals, batch: context.batch)
            let result = bind(body, inner)
            context.hoisted += inner.hoisted
            guard let result else { return nil }
            guard !result.isLarger(than: Self.expansionLimit) else {
                report(
                    .planTooLarge, "`\(definition.name)` stands for more than \(Self.expansionLimit) operations",
                    at: body.span)
                return nil
            }
            return result
        }
    }

    /// The values of a definition's parameters, cast to their types; nil after a report.
    func arguments(of definition: Definition, _ call: Call, _ context: ExprContext) -> [String: BoundExpr]? {
        var values: [String: BoundExpr] = [:]
        var next = 0
        var isSound = true
        for argument in call.arguments {
            var place: Int?
            var value: Expr?
            switch argument.kind {
            case .positional(let expr):
                place = next < definition.parameters.count ? next : nil
                next += 1
                value = expr
            case .named(let name, let expr):
                place = definition.parameters.firstIndex { same($0.name, name.text) }
                value = expr
            case .star: break
            }
            guard let place, let value else {
                let list = definition.parameters.map { "\($0.name) \($0.type.text)" }.joined(separator: ", ")
                report(
                    .wrongArgument, "`\(definition.name)` has no place for this argument", at: argument.span,
                    notes: ["it is \(definition.name)(\(list))"])
                isSound = false
                continue
            }
            let parameter = definition.parameters[place]
            guard let bound = bind(value, context) else {
                isSound = false
                continue
            }
            guard converts(bound.type, to: parameter.type) else {
                report(
                    .wrongArgument, "`\(parameter.name)` is \(parameter.type.text), got \(bound.type.text)",
                    at: value.span,
                    help: castRemedy(value, bound.type, parameter.type))
                isSound = false
                continue
            }
            values[parameter.name.lowercased()] = convert(bound, to: parameter.type)
        }
        for parameter in definition.parameters where isSound && values[parameter.name.lowercased()] == nil {
            report(.wrongArgument, "`\(definition.name)` lacks its argument `\(parameter.name)`", at: call.span)
            isSound = false
        }
        return isSound ? values : nil
    }

    /// Runs `body` with spans pointing into the definition's text; nil after a report of a definition that uses itself.
    func inside<R>(_ definition: Definition, _ span: Span, _ body: () -> R?) -> R? {
        guard !expanding.contains(where: { same($0, definition.name) }), expanding.count < 32 else {
            report(
                .recursiveDefine, "`\(definition.name)` is defined by itself", at: span,
                notes: ["by way of \((expanding + [definition.name]).joined(separator: " → "))"])
            return nil
        }
        let outer = source
        source = definition.source
        expanding.append(definition.name)
        defer {
            source = outer
            expanding.removeLast()
        }
        return body()
    }
}
