import MartletData
import MartletSupport
import MartletSyntax

/// An entry of `state = (…)` whose names were found.
struct NamedLink {
    /// Position in the signature's inputs.
    var input: Int
    /// Position in the signature's outputs.
    var output: Int
    var names: StateLink
}

/// `infer … with (state = (input => output, …), by = key)`.
extension Binder {
    /// The links of `state`, each between ends that fit; none without `state`, nil after a report.
    func bindState(_ options: InferOptions, _ model: BoundModel) -> [NamedLink]? {
        var isSound = true
        for option in options.others where !same(option.name.text, "by") || options.state.isEmpty {
            isSound = false
            if same(option.name.text, "by") {
                report(
                    .unknownOption, "`by` parts the streams of a state, and there is none", at: option.name.span,
                    help: "say what goes on to the next row: `with (state = (input => output), by = …)`")
                continue
            }
            report(
                .unknownOption, "`infer` has no option `\(option.name.text)`", at: option.name.span,
                help: didYouMean(option.name.text, ["state", "by"])
                    ?? "options of a model stand where it is loaded: `model … = load … with (…)`")
        }
        let (inputs, outputs) = (model.signature.inputs, model.signature.outputs)
        var links: [NamedLink] = []
        for link in options.state {
            guard let input = inputs.firstIndex(where: { same($0.name, link.input.text) }) else {
                report(
                    .modelArguments, "model `\(model.name)` has no input `\(link.input.text)`", at: link.input.span,
                    help: didYouMean(link.input.text, inputs.map(\.name)),
                    notes: ["\(model.name) is \(model.signature.text)"])
                isSound = false
                continue
            }
            guard let output = outputs.firstIndex(where: { same($0.name, link.output.text) }) else {
                reportUnknownOutput(link.output, model)
                isSound = false
                continue
            }
            if let first = links.first(where: { $0.input == input }) {
                report(
                    .duplicateName, "input `\(link.input.text)` is fed twice", at: link.input.span,
                    secondary: [(first.names.input.span, "the first")])
                isSound = false
                continue
            }
            let named = NamedLink(input: input, output: output, names: link)
            if checkEnds(named, model) { links.append(named) } else { isSound = false }
        }
        return isSound ? links : nil
    }

    /// False after a report.
    private func checkEnds(_ link: NamedLink, _ model: BoundModel) -> Bool {
        let input = model.signature.inputs[link.input]
        let output = model.signature.outputs[link.output]
        let notes = model.signature.note.map { [$0] } ?? []
        if input.isConstant {
            report(
                .modelInput, "input `\(input.name)` cannot be state: it has no dimension that counts rows",
                at: link.names.input.span,
                help: "if it has one, name it where the model is loaded: `with (batch_dim = '…')`", notes: notes)
            return false
        }
        if output.element != nil, input.element == output.element, input.type.unified(with: output.type) != nil,
            haveEqualSizes(input.type, output.type)
        {
            return true
        }
        let types = (Self.stateText(input.type, input.element), Self.stateText(output.type, output.element))
        report(
            .modelInput, "input `\(input.name)` is \(types.0), output `\(output.name)` is \(types.1)",
            at: link.names.output.span, secondary: [(link.names.input.span, "fed by it")], notes: notes)
        return false
    }

    /// Whether dimensions that are known on both sides agree.
    private func haveEqualSizes(_ a: DataType, _ b: DataType) -> Bool {
        guard case .tensor(_, let p) = a, case .tensor(_, let q) = b else { return true }
        return p.count == q.count && zip(p, q).allSatisfy { $0.size == nil || $1.size == nil || $0 == $1 }
    }

    /// A type, for single numbers with their width.
    private static func stateText(_ type: DataType, _ element: DType?) -> String {
        if case .tensor = type { return type.text }
        return element?.name ?? type.text
    }

    /// The recurrence of a call whose arguments are bound; without links if there is none. nil after a report.
    func bindRecurrence(
        _ state: [NamedLink], _ options: InferOptions, _ call: ModelCall, _ context: ExprContext
    ) -> Recurrence? {
        let named = boundDimensions(call)
        var links: [Recurrence.Link] = []
        for link in state {
            let input = call.model.signature.inputs[link.input]
            guard case .tensor(let dtype, let dims) = input.type else {
                links.append(Recurrence.Link(input: link.input, output: link.output, type: input.type))
                continue
            }
            var given: [Dimension] = []
            if case .tensor(_, let outputDims) = outputTypes(call)[link.output] { given = outputDims }
            let shape = zip(dims, given).compactMap { dim, given -> Int? in
                if case .named(let name) = dim { return named[name]?.size ?? given.size }
                return dim.size ?? given.size
            }
            guard shape.count == dims.count else {
                report(
                    .modelInput,
                    "the size of state `\(input.name)` \(input.type.text) is not known before the first row",
                    at: link.names.input.span,
                    help: "say it where the model is loaded: `load … as (\(input.name) float[…], …) -> (…)`",
                    notes: call.model.signature.note.map { [$0] } ?? [])
                return nil
            }
            links.append(
                Recurrence.Link(input: link.input, output: link.output, type: .tensor(dtype, shape: shape)))
        }
        guard let by = options.others.first(where: { same($0.name.text, "by") }) else {
            return Recurrence(links: links, key: nil)
        }
        if let second = options.others.last(where: { same($0.name.text, "by") }), second.name.span != by.name.span {
            report(.duplicateName, "option `by` is given twice", at: second.name.span)
            return nil
        }
        guard let key = bind(by.value, context) else { return nil }
        return Recurrence(links: links, key: key)
    }

    /// Help for a call that lacks an input which an output could feed: recurrent models have such pairs.
    func stateRemedy(_ input: Int, _ call: Call, _ model: BoundModel) -> String? {
        let wanted = model.signature.inputs[input]
        guard case .tensor = wanted.type, !wanted.isConstant else { return nil }
        let fitting = model.signature.outputs.filter {
            $0.element == wanted.element && wanted.type.unified(with: $0.type) != nil
                && haveEqualSizes(wanted.type, $0.type)
                && $0.name.lowercased().hasPrefix(wanted.name.lowercased())
        }
        guard fitting.count == 1 else { return nil }
        return "or let the row before feed it: `infer \(source[call.span]) with (state = (\(spelled(wanted.name)) => "
            + "\(spelled(fitting[0].name))))`"
    }
}
