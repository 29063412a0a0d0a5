import MartletData
import MartletSyntax

extension Binder {
    func bindInfer(
        _ call: Call, _ outputs: Outputs?, _ options: InferOptions, _ onError: OnError?, _ stage: Stage,
        _ pipeline: inout Pipeline, _ locals: [String: BoundExpr]
    ) {
        guard let model = model(call) else {
            // Said of the `model` statement, or just now.
            pipeline.isComplete = false
            pipeline.scope.expected.formUnion(givenNames(stage.kind).map { $0.lowercased() })
            return
        }
        let context = context(pipeline, locals)
        guard let state = bindState(options, model), let bound = bindModelCall(call, model, context, state: state),
            let recurrence = bindRecurrence(state, options, bound, context)
        else { return }
        settle(context, &pipeline)
        let linked = Set(state.map(\.output))
        guard let (entries, columns) = outputEntries(outputs, bound, call, linked: linked) else { return }
        let policy = policy(onError, [model], pipeline, entries)
        pipeline.node = .infer(
            InferNode(
                input: pipeline.node, call: bound, outputs: columns, onError: policy ?? .fail, batch: pipeline.batch,
                recurrence: recurrence.links.isEmpty ? nil : recurrence))
        for entry in entries { pipeline.scope.replaceOrAppend(entry) }
        keep(policy, &pipeline)
    }

    /// The model that a call names; nil after a report.
    func model(_ call: Call) -> BoundModel? {
        if let model = environment.model(call.name.text) { return model }
        if isBroken(call.name) { return nil }
        let isFunction = FunctionTable.function(call.name.text) != nil || environment.definition(call.name.text) != nil
        report(
            .unknownModel,
            isFunction ? "`\(call.name.text)` is a function, not a model" : "there is no model `\(call.name.text)`",
            at: call.name.span,
            help: isFunction
                ? "`|> extend \(source[call.span]) as …`"
                : didYouMean(call.name.text, environment.modelNames)
                    ?? "name it first: `model \(call.name.text) = load '…';`")
        return nil
    }

    /// The columns that a model's outputs become, and all outputs for the node. nil after a report.
    ///
    /// - Parameter linked: outputs that feed the next row: columns only where they are asked for by name.
    func outputEntries(
        _ outputs: Outputs?, _ call: ModelCall, _ written: Call, linked: Set<Int> = []
    ) -> ([ScopeEntry], [InferOutput])? {
        let model = call.model
        var signature = model.signature.outputs
        for place in linked where linked.count < signature.count { signature[place].onRequest = true }
        let types = outputTypes(call)
        var entries: [ScopeEntry] = []
        var columns: [InferOutput] = []
        let line = lineNumber(written.span)
        func add(
            _ place: Int, name: String, shown: String, qualifier: String?, _ visibility: ScopeEntry.Visibility,
            isInGroup: Bool
        ) {
            let column = newColumn(shown, types[place])
            columns.append(InferOutput(column: column, position: place))
            entries.append(
                ScopeEntry(
                    column: column, name: name, qualifier: qualifier, visibility: visibility, isInGroup: isInGroup,
                    origin: "\(model.name).\(signature[place].name), line \(line)"))
        }
        let shown = signature.indices.filter { !signature[$0].onRequest }
        switch outputs {
        case nil:
            for place in shown {
                add(
                    place, name: signature[place].name, shown: signature[place].name, qualifier: nil, .visible,
                    isInGroup: false)
            }
        case .single(let name):
            let isSingle = shown.count == 1
            for (place, output) in signature.enumerated() {
                if isSingle, place == shown[0] {
                    add(place, name: name.text, shown: name.text, qualifier: nil, .visible, isInGroup: false)
                    // The whole by its name, and the output by the name's field.
                    if let column = entries.last?.column {
                        entries.append(
                            ScopeEntry(column: column, name: output.name, qualifier: name.text, visibility: .onRequest))
                    }
                    continue
                }
                add(
                    place, name: output.name, shown: "\(name.text).\(output.name)", qualifier: name.text,
                    output.onRequest ? .onRequest : .visible, isInGroup: true)
            }
        case .fields(let fields):
            for field in fields {
                guard let place = signature.firstIndex(where: { same($0.name, field.name.text) }) else {
                    reportUnknownOutput(field.name, model)
                    return nil
                }
                let name = field.alias ?? field.name
                if entries.contains(where: { same($0.name, name.text) }) {
                    report(.duplicateName, "`\(name.text)` is given twice", at: name.span)
                    return nil
                }
                add(place, name: name.text, shown: name.text, qualifier: nil, .visible, isInGroup: false)
            }
        }
        return (entries, columns)
    }

    /// nil after a report.
    func policy(_ onError: OnError?, _ models: [BoundModel], _ pipeline: Pipeline, _ outputs: [ScopeEntry])
        -> ErrorPolicy?
    {
        switch onError?.policy {
        case nil, .fail: return .fail
        case .null: return .null
        case .drop: return .drop
        case .keep(let name):
            if outputs.contains(where: { same($0.column.name, name.text) }) {
                report(.duplicateName, "`\(name.text)` is an output already", at: name.span)
                return nil
            }
            return .keep(newColumn(name.text, ErrorPolicy.keptType))
        }
    }

    func keep(_ policy: ErrorPolicy?, _ pipeline: inout Pipeline) {
        guard case .keep(let column)? = policy else { return }
        pipeline.scope.replaceOrAppend(ScopeEntry(column: column, name: column.name, qualifier: nil))
    }
}
