import MartletData
import MartletSupport
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
    ///
    /// - Parameter state: inputs that take no argument because an output feeds them.
    func bindModelCall(
        _ call: Call, _ model: BoundModel, _ context: ExprContext, state: [NamedLink] = []
    ) -> ModelCall? {
        let inputs = model.signature.inputs
        var values = [(BoundExpr, Span)?](repeating: nil, count: inputs.count)
        var isSound = true
        let isState = inputs.indices.map { place in state.contains { $0.input == place } }
        let open = inputs.indices.filter { !isState[$0] }
        var next = 0
        for argument in call.arguments {
            switch argument.kind {
            case .positional(let expr):
                guard next < open.count else {
                    report(
                        .modelArguments,
                        "model `\(model.name)` takes \(open.count) input\(open.count == 1 ? "" : "s")"
                            + (state.isEmpty ? "" : " beside its state"),
                        at: argument.span, notes: ["\(model.name) is \(model.signature.text)"])
                    isSound = false
                    continue
                }
                if let bound = bind(expr, context) { values[open[next]] = (bound, expr.span) } else { isSound = false }
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
                if let link = state.first(where: { $0.input == place }) {
                    report(
                        .modelArguments,
                        "input `\(name.text)` is given here, and fed by output `\(link.names.output.text)`",
                        at: name.span, secondary: [(link.names.input.span, "fed here")],
                        help: "leave out one of them; a stream's first row begins with zeros")
                    isSound = false
                    continue
                }
                if let first = values[place] {
                    report(
                        .duplicateName, "input `\(name.text)` is given twice", at: name.span,
                        secondary: [(first.1, "the first")])
                    isSound = false
                    continue
                }
                if let bound = bind(expr, context) { values[place] = (bound, expr.span) } else { isSound = false }
            case .star:
                var missing: [String] = []
                for place in open where values[place] == nil {
                    if let entry = context.scope.named(inputs[place].name).first {
                        values[place] = (.column(entry.column.id, entry.column.type), argument.span)
                    } else if !inputs[place].isOptional {
                        missing.append(inputs[place].name)
                    }
                }
                if open.count == 1, missing.count == 1, let list = columns(for: inputs[open[0]], context) {
                    values[open[0]] = (list, argument.span)
                    missing = []
                }
                if !missing.isEmpty {
                    reportMissing(missing, model, argument.span, context)
                    isSound = false
                }
            }
        }
        guard isSound else { return nil }
        if let missing = open.first(where: { values[$0] == nil && !inputs[$0].isOptional }) {
            report(
                .modelArguments, "model `\(model.name)` lacks its input `\(inputs[missing].name)`", at: call.span,
                help: stateRemedy(missing, call, model), notes: ["\(model.name) is \(model.signature.text)"])
            return nil
        }
        var named: [String: Dimension] = [:]
        var arguments: [BoundExpr] = []
        let given = open.filter { values[$0] != nil }
        for place in given {
            guard let value = values[place] else { continue }
            let input = inputs[place]
            guard let fitted = fit(value.0, to: input, &named, model, value.1, context) else {
                isSound = false
                continue
            }
            guard input.isConstant else {
                arguments.append(fitted)
                continue
            }
            guard let constant = constantValue(fitted, of: input, model, value.1) else {
                isSound = false
                continue
            }
            arguments.append(constant)
        }
        return isSound ? ModelCall(model: model, arguments: arguments, positions: given) : nil
    }

    /// Says which of the inputs that `*` binds have no column.
    private func reportMissing(_ names: [String], _ model: BoundModel, _ span: Span, _ context: ExprContext) {
        let close = names.compactMap { name in
            closestName(to: name, among: context.scope.names).map { (column: $0, input: name) }
        }
        let list = names.map { "`\($0)`" }.joined(separator: ", ")
        let isOne = names.count == 1
        var notes = ["\(model.name) is \(model.signature.text)"]
        if isOne, let input = model.signature.inputs.first(where: { $0.name == names[0] }), let width = width(of: input)
        {
            let count = numericColumns(context).count
            notes.append(
                "an input of \(width) numbers takes all columns of numbers if they are as many; there are \(count)")
        }
        report(
            .modelArguments,
            isOne
                ? "no column \(list) for that input of model `\(model.name)`"
                : "no columns \(list) for \(names.count) inputs of model `\(model.name)`",
            at: span,
            help: close.isEmpty
                ? nil
                : isOne
                    ? "did you mean `\(spelled(close[0].column))`? rename it"
                    : "did you mean "
                        + close.map { "`\(spelled($0.column))` for `\($0.input)`" }.joined(separator: ", ")
                        + "? rename them",
            notes: notes)
    }

    /// The value of an argument that is the same for all rows; nil after a report.
    private func constantValue(
        _ value: BoundExpr, of input: ModelInput, _ model: BoundModel, _ span: Span
    ) -> BoundExpr? {
        if case .parameter = value { return value }
        if let folded = foldedValue(value), !folded.isNull { return .constant(folded, value.type) }
        report(
            .notConstant, "input `\(input.name)` of model `\(model.name)` takes one value for all rows", at: span,
            help: "give it a constant or a parameter, such as `\(input.name) => 1`",
            notes: ["it has no dimension that counts rows"] + (model.signature.note.map { [$0] } ?? []))
        return nil
    }

    /// `value` as the input's type; named dimensions bind to what comes first. nil after a report.
    private func fit(
        _ value: BoundExpr, to input: ModelInput, _ named: inout [String: Dimension], _ model: BoundModel, _ span: Span,
        _ context: ExprContext
    ) -> BoundExpr? {
        func refuse(_ help: String? = nil) {
            let place = model.signature.inputs.count > 1 ? " for input `\(input.name)`" : ""
            report(
                .modelInput, "model `\(model.name)` wants \(input.type.text)\(place), got \(value.type.text)", at: span,
                origin(of: value, span, context), help: help, notes: model.signature.note.map { [$0] } ?? [])
        }
        if case .list(let items, let type) = value, case .tensor(let dtype, let dims) = input.type, dims.count == 1,
            type != .list(.null), canCast(type, to: input.type), dtype.isFloat || type == .list(.int)
        {
            guard dims[0].size == nil || dims[0].size == items.count else {
                refuse()
                return nil
            }
            if case .named(let name) = dims[0] {
                if let bound = named[name]?.size, bound != items.count {
                    refuse("dimension \(name) is \(bound) in another input")
                    return nil
                }
                named[name] = .fixed(items.count)
            }
            return convert(value, to: .tensor(dtype, shape: [items.count]))
        }
        if let single = input.singleType, !value.type.isCollection {
            guard converts(value.type, to: single) else {
                refuse(canCast(value.type, to: single) ? castHelp(span, input, to: single) : nil)
                return nil
            }
            return convert(value, to: single)
        }
        guard case .tensor(let dtype, let wanted) = input.type else {
            guard converts(value.type, to: input.type) else {
                refuse(canCast(value.type, to: input.type) ? castHelp(span, input, to: input.type) : nil)
                return nil
            }
            return convert(value, to: input.type)
        }
        if value.type == .null { return convert(value, to: input.type) }
        guard case .tensor(let own, let dims) = value.type, dims.count == wanted.count else {
            refuse(canCast(value.type, to: input.type) ? castHelp(span, input, to: input.type) : nil)
            return nil
        }
        guard own == dtype || own.isFloat && dtype.isFloat || own.isInteger && (dtype.isFloat || dtype.isInteger) else {
            refuse(castHelp(span, input, to: input.type))
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

    private func castHelp(_ span: Span, _ input: ModelInput, to type: DataType) -> String {
        guard source[span] == "*" else { return "cast it: `\(castText(span, to: type))`" }
        let name = spelled(input.name)
        return "cast it before: `|> extend \(name)::\(type.text) as \(name)`"
    }

    /// ``"`e` is float[384]: enc.embedding, line 5"``
    private func origin(of value: BoundExpr, _ span: Span, _ context: ExprContext) -> String {
        guard case .column(let id, _) = value, let entry = context.scope.entries.first(where: { $0.column.id == id }),
            let origin = entry.origin
        else { return "this is \(value.type.text)" }
        let name = source[span] == "*" ? spelled(entry.column.name) : source[span]
        return "`\(name)` is \(value.type.text): \(origin)"
    }

    /// The model's output types with dimensions named in its inputs filled in by the arguments.
    func outputTypes(_ call: ModelCall) -> [DataType] {
        let named = boundDimensions(call)
        return call.model.signature.outputs.map { output in
            guard case .tensor(let dtype, let dims) = output.type else { return output.type }
            return .tensor(
                dtype,
                dims.map { dim in if case .named(let name) = dim { named[name] ?? dim } else { dim } })
        }
    }

    /// What the dimensions named in the model's inputs are in its arguments.
    func boundDimensions(_ call: ModelCall) -> [String: Dimension] {
        var named: [String: Dimension] = [:]
        for (place, argument) in zip(call.positions, call.arguments) {
            guard case .tensor(_, let wanted) = call.model.signature.inputs[place].type,
                case .tensor(_, let dims) = argument.type
            else { continue }
            for (want, dim) in zip(wanted, dims) {
                if case .named(let name) = want, named[name] == nil { named[name] = dim }
            }
        }
        return named
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
