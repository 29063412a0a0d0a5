import MartletData
import MartletSyntax

extension Binder {
    /// Adds a node that runs `model` to what must be done before the expression; nil after a report.
    func hoist(_ call: Call, _ model: BoundModel, _ context: ExprContext) -> InferNode? {
        if case .forbidden(let place) = context.models {
            report(
                .misplacedModel, "\(place) cannot run a model", at: call.span,
                help: context.isConstant ? nil : "compute it before: `|> extend \(source[call.span]) as …`")
            return nil
        }
        if let aggregation = context.aggregation, !aggregation.isInside {
            report(
                .misplacedModel, "a model runs on rows, not on groups", at: call.span,
                help: "run it before the `aggregate`, or inside an aggregate")
            return nil
        }
        guard let bound = bindModelCall(call, model, context) else { return nil }
        let outputs = outputTypes(bound)
        let columns = zip(model.signature.outputs, outputs).enumerated().map { place, output in
            InferOutput(column: newColumn("\(model.name).\(output.0.name)", output.1), position: place)
        }
        let node = InferNode(
            input: .hole([]), call: bound, outputs: columns, onError: .fail, batch: context.batch)
        context.hoisted.append(node)
        return node
    }

    /// `model(arguments)` with a value of the right type for each input; nil after a report.
    func bindModelCall(_ call: Call, _ model: BoundModel, _ context: ExprContext) -> ModelCall? {
        let inputs = model.signature.inputs
        var values = [(BoundExpr, Span)?](repeating: nil, count: inputs.count)
        var isSound = true
        var next = 0
        for argument in call.arguments {
            switch argument.kind {
            case .positional(let expr):
                guard next < inputs.count else {
                    report(
                        .modelArguments,
                        "model `\(model.name)` takes \(inputs.count) input\(inputs.count == 1 ? "" : "s")",
                        at: argument.span, notes: ["\(model.name) is \(model.signature.text)"])
                    isSound = false
                    continue
                }
                if let bound = bind(expr, context) { values[next] = (bound, expr.span) } else { isSound = false }
                next += 1
            case .named(let name, let expr):
                guard let place = inputs.firstIndex(where: { same($0.name, name.text) }) else {
                    report(
                        .modelArguments, "model `\(model.name)` has no input `\(name.text)`", at: name.span,
                        help: didYouMean(name.text, inputs.map(\.name)),
                        notes: ["\(model.name) is \(model.signature.text)"])
                    isSound = false
                    continue
                }
                if let bound = bind(expr, context) { values[place] = (bound, expr.span) } else { isSound = false }
            case .star:
                for (place, input) in inputs.enumerated() where values[place] == nil {
                    guard let entry = context.scope.named(input.name).first else {
                        report(
                            .modelArguments, "no column `\(input.name)` for that input of model `\(model.name)`",
                            at: argument.span,
                            help: didYouMean(input.name, context.scope.names).map { "\($0) rename it" },
                            notes: ["\(model.name) is \(model.signature.text)"])
                        isSound = false
                        continue
                    }
                    values[place] = (.column(entry.column.id, entry.column.type), argument.span)
                }
            }
        }
        guard isSound else { return nil }
        if let missing = values.firstIndex(where: { $0 == nil }) {
            report(
                .modelArguments, "model `\(model.name)` lacks its input `\(inputs[missing].name)`", at: call.span,
                notes: ["\(model.name) is \(model.signature.text)"])
            return nil
        }
        var named: [String: Dimension] = [:]
        var arguments: [BoundExpr] = []
        for (input, value) in zip(inputs, values) {
            guard let value else { return nil }
            guard let fitted = fit(value.0, to: input, &named, model, value.1, context) else {
                isSound = false
                continue
            }
            arguments.append(fitted)
        }
        return isSound ? ModelCall(model: model, arguments: arguments) : nil
    }

    /// `value` as the input's type; named dimensions bind to what comes first. nil after a report.
    private func fit(
        _ value: BoundExpr, to input: ModelInput, _ named: inout [String: Dimension], _ model: BoundModel, _ span: Span,
        _ context: ExprContext
    ) -> BoundExpr? {
        func refuse(_ help: String? = nil) {
            report(
                .modelInput, "model `\(model.name)` wants \(input.type.text), got \(value.type.text)", at: span,
                origin(of: value, span, context), help: help, notes: model.signature.note.map { [$0] } ?? [])
        }
        if case .list(let items, _) = value, case .tensor(_, let dims) = input.type, dims.count == 1,
            value.type != .list(.null), canCast(value.type, to: input.type)
        {
            guard dims[0].size == nil || dims[0].size == items.count else {
                refuse()
                return nil
            }
            return convert(value, to: .tensor(.float32, shape: [items.count]))
        }
        guard case .tensor(let dtype, let wanted) = input.type else {
            guard converts(value.type, to: input.type) else {
                refuse(canCast(value.type, to: input.type) ? "cast it: `\(castText(span, to: input.type))`" : nil)
                return nil
            }
            return convert(value, to: input.type)
        }
        if value.type == .null { return convert(value, to: input.type) }
        if wanted.isEmpty, value.type.isNumeric || value.type == .bool { return value }
        guard case .tensor(let own, let dims) = value.type, dims.count == wanted.count else {
            refuse(canCast(value.type, to: input.type) ? "cast it: `\(castText(span, to: input.type))`" : nil)
            return nil
        }
        guard own == dtype || dtype.isFloat && own.isFloat else {
            refuse("cast it: `\(castText(span, to: input.type))`")
            return nil
        }
        for (dim, want) in zip(dims, wanted) {
            switch want {
            case .fixed(let size):
                if let known = dim.size, known != size {
                    return {
                        refuse()
                        return nil
                    }()
                }
            case .named(let name):
                if let bound = named[name], let a = bound.size, let b = dim.size, a != b {
                    refuse("dimension \(name) is \(a) in another input")
                    return nil
                }
                if named[name]?.size == nil { named[name] = dim }
            case .unknown: break
            }
        }
        return own == dtype ? value : .cast(value, .tensor(dtype, dims), isTry: false)
    }

    /// ``"`e` is float[384]: enc.embedding, line 5"``
    private func origin(of value: BoundExpr, _ span: Span, _ context: ExprContext) -> String {
        guard case .column(let id, _) = value, let entry = context.scope.entries.first(where: { $0.column.id == id }),
            let origin = entry.origin
        else { return "this is \(value.type.text)" }
        return "`\(source[span])` is \(value.type.text): \(origin)"
    }

    /// The model's output types with dimensions named in its inputs filled in by the arguments.
    func outputTypes(_ call: ModelCall) -> [DataType] {
        var named: [String: Dimension] = [:]
        for (input, argument) in zip(call.model.signature.inputs, call.arguments) {
            guard case .tensor(_, let wanted) = input.type, case .tensor(_, let dims) = argument.type else { continue }
            for (want, dim) in zip(wanted, dims) {
                if case .named(let name) = want, named[name] == nil { named[name] = dim }
            }
        }
        return call.model.signature.outputs.map { output in
            guard case .tensor(let dtype, let dims) = output.type else { return output.type }
            return .tensor(
                dtype,
                dims.map { dim in if case .named(let name) = dim { named[name] ?? dim } else { dim } })
        }
    }

    /// The plan with the model calls that `context` asked for, whose outputs are hidden columns.
    func settle(_ context: ExprContext, _ pipeline: inout Pipeline) {
        pipeline.length += context.hoisted.count
        for var infer in context.hoisted.prefix(Pipeline.longest) {
            infer.input = pipeline.node
            pipeline.node = .infer(infer)
            for output in infer.outputs {
                pipeline.scope.entries.append(
                    ScopeEntry(column: output.column, name: output.column.name, qualifier: nil, visibility: .hidden))
            }
        }
        context.hoisted = []
    }
}
