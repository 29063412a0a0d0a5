import MartletGraph
import MartletTensor

/// What an ONNX graph's inputs and outputs mean, by name, type and shape; adds pooling and probabilities where they lack.
struct ONNXPorts {
    struct Labels {
        let names: [String]
        /// Whether labels that fit no output are an error: they were given for this very model.
        let mustMatch: Bool
    }

    var graph: Graph
    let path: String
    let options: ModelOptions
    let sentence: SentenceModules
    /// What the file says of its outputs: it knows more where branches and loops leave a shape open.
    var declared: [String: ValueType] = [:]

    private(set) var inputs: [ModelInput] = []
    private(set) var outputs: [ModelOutput] = []
    private(set) var text: TextInputs?
    private(set) var classification: Classification?
    private(set) var fixedBatch: Int?
    private var axes = BatchAxes([])
    private(set) var pooling: Pooling?
    private(set) var isNormalized = false

    init(graph: Graph, path: String, options: ModelOptions, sentence: SentenceModules) {
        self.graph = graph
        self.path = path
        self.options = options
        self.sentence = sentence
    }

    mutating func resolve(labels: Labels?) throws {
        try resolveInputs()
        var drafts = graph.outputs.map { (name: $0.name, role: role(of: $0), value: $0.value) }
        let classes = try classOutput(drafts, labels)
        if let classes { drafts[classes.index].role = classes.isProbability ? .probabilities : .logits }
        if let text, text.mask != nil || options.pooling ?? sentence.pooling != nil,
            !drafts.contains(where: { $0.role == .embedding || $0.role == .logits || $0.role == .probabilities }),
            let tokens = drafts.first(where: { $0.role == .tokens })
        {
            drafts.append(("embedding", .embedding, try pool(tokens.value)))
        }
        if let classes, !classes.isProbability {
            drafts.append(("probabilities", .probabilities, try graph.add(SoftmaxOp(), drafts[classes.index].value)))
        }
        try normalize(&drafts)
        graph.outputs = []
        for draft in drafts { graph.addOutput(draft.name, draft.value) }
        outputs = drafts.enumerated().map { index, draft in
            let isOnly = drafts.filter { $0.role == draft.role }.count == 1
            let isNamed = draft.role != .value && draft.role != .echo && isOnly
            let type = outputType(draft.name, draft.value)
            return ModelOutput(
                name: isNamed ? draft.role.rawValue : draft.name, fileName: draft.name, role: draft.role, type: type,
                index: index, batchAxis: axes.axis(ofOutput: type))
        }
        if let classes, let labels {
            classification = Classification(
                kind: classes.isMultiple ? .multiple : .single, labels: labels.names,
                logits: outputs.firstIndex { $0.role == .logits },
                probabilities: outputs.firstIndex { $0.role == .probabilities } ?? classes.index)
        }
    }

    // MARK: Inputs

    private static let idNames: Set = ["input_ids", "ids", "token_ids", "input_word_ids", "tokens"]
    private static let maskNames: Set = ["attention_mask", "input_mask", "mask", "padding_mask"]
    private static let typeNames: Set = ["token_type_ids", "segment_ids", "input_type_ids", "type_ids"]
    private static let positionNames: Set = ["position_ids", "positions"]

    private mutating func resolveInputs() throws {
        let types = graph.inputs.map { graph.type($0.value) }
        if let name = options.batchDimension, !types.contains(where: { $0.shape?.contains(.symbol(name)) ?? false }) {
            throw ModelError.optionWithoutUse(
                path: path, name: "batch_dim", reason: "no input has a dimension `\(name)`")
        }
        axes = BatchAxes(types, named: options.batchDimension)
        let integerMatrices = graph.inputs.filter { port in
            let type = graph.type(port.value)
            return (type.dtype == .int64 || type.dtype == .int32) && type.rank ?? 2 == 2
        }
        func find(_ names: Set<String>) -> String? {
            integerMatrices.first { names.contains($0.name.split(separator: ":").first.map(String.init) ?? "") }?.name
        }
        var ids = find(Self.idNames)
        if ids == nil, options.tokenizer != nil, graph.inputs.count == 1 { ids = integerMatrices.first?.name }
        if let ids {
            text = TextInputs(
                ids: ids, mask: find(Self.maskNames), types: find(Self.typeNames), positions: find(Self.positionNames))
        }
        for port in graph.inputs {
            let role: ModelInput.Role =
                switch port.name {
                case text?.ids: .tokenIDs
                case text?.mask: .tokenMask
                case text?.types: .tokenTypes
                case text?.positions: .tokenPositions
                default: .value
                }
            let type = graph.type(port.value)
            inputs.append(ModelInput(name: port.name, role: role, type: type, batchAxis: axes.axis(ofInput: type)))
        }
        fixedBatch = axes.fixed
    }

    // MARK: Outputs

    private func role(of port: Graph.Port) -> ModelOutput.Role {
        if graph.inputs.contains(where: { $0.value == port.value }) { return .echo }
        let type = outputType(port.name, port.value)
        guard type.dtype.isFloat else { return .value }
        if port.name == "logits" { return .logits }
        if port.name == "probabilities" { return .probabilities }
        guard text != nil, let rank = type.rank else { return .value }
        switch rank {
        case 2: return .embedding
        case 3: return .tokens
        default: return .value
        }
    }

    private func outputType(_ name: String, _ value: ValueID) -> ValueType {
        let inferred = graph.type(value)
        guard let declared = declared[name], declared.dtype == inferred.dtype else { return inferred }
        return inferred.sharpened(by: declared)
    }

    private typealias Draft = (name: String, role: ModelOutput.Role, value: ValueID)

    /// The output that has one number for each label.
    private func classOutput(_ drafts: [Draft], _ labels: Labels?) throws -> (
        index: Int, isProbability: Bool, isMultiple: Bool
    )? {
        guard let labels else { return nil }
        let candidates = drafts.indices.filter { index in
            let type = graph.type(drafts[index].value)
            return type.dtype.isFloat && type.rank == 2 && drafts[index].role != .echo
        }
        let fitting = candidates.filter { graph.type(drafts[$0].value).shape?[1] == .fixed(labels.names.count) }
        guard let index = fitting.first(where: { drafts[$0].role == .logits }) ?? fitting.first else {
            if labels.mustMatch, let first = candidates.first {
                let classes = graph.type(drafts[first].value).shape?[1].fixedValue ?? 0
                throw ModelError.labelCount(path: path, labels: labels.names.count, classes: classes)
            }
            if labels.mustMatch {
                throw ModelError.optionWithoutUse(
                    path: path, name: "labels", reason: "no output has one number for each class")
            }
            return nil
        }
        let producer = graph.producers()[drafts[index].value].map { graph.nodes[$0] }
        let isSigmoid = (producer?.op as? UnaryOp)?.kind == .sigmoid
        return (index, isSigmoid || producer.map(isSoftmax) ?? false, isSigmoid)
    }

    /// softmax as one op, or spelled out as exp(x) ⁄ Σ exp(x).
    private func isSoftmax(_ node: Graph.Node) -> Bool {
        if let softmax = node.op as? SoftmaxOp { return !softmax.logarithm }
        guard (node.op as? BinaryOp)?.kind == .div, let top = node.inputs[0], let bottom = node.inputs[1] else {
            return false
        }
        let producers = graph.producers()
        func producer(_ value: ValueID) -> Graph.Node? { producers[value].map { graph.nodes[$0] } }
        guard let exp = producer(top), (exp.op as? UnaryOp)?.kind == .exp, var sum = producer(bottom) else {
            return false
        }
        // The sum may be spread over the row by shape ops.
        while sum.op is ReshapeOp || sum.op is ExpandOp || sum.op is UnsqueezeOp, let source = sum.inputs[0],
            let next = producer(source)
        {
            sum = next
        }
        return (sum.op as? ReduceOp)?.kind == .sum && sum.inputs[0] == top
    }

    // MARK: Pooling

    /// One vector for each row from token states [batch, length, hidden].
    private mutating func pool(_ states: ValueID) throws -> ValueID {
        let kind = options.pooling ?? sentence.pooling ?? .mean
        pooling = kind
        if kind == .cls { return try graph.add(SliceFirst.op, states, SliceFirst.place(&graph)) }
        guard let name = text?.mask, let port = graph.inputs.first(where: { $0.name == name }) else {
            throw ModelError.optionWithoutUse(
                path: path, name: "pooling",
                reason: "the model takes no mask, so only `cls` can tell tokens from padding")
        }
        let dtype = graph.type(states).dtype
        let mask = try graph.add(UnsqueezeOp(axes: [2]), graph.add(CastOp(dtype), port.value))
        switch kind {
        case .max:
            let hidden = graph.addConstant(Tensor(scalar: -Float.greatestFiniteMagnitude))
            let isToken = try graph.add(CastOp(.bool), mask)
            let seen = try graph.add(WhereOp(), isToken, states, graph.add(CastOp(dtype), hidden))
            return try graph.add(ReduceOp(.max, axes: [1], keepDims: false), seen)
        case .mean, .meanSqrt:
            let sum = try graph.add(ReduceOp(.sum, axes: [1], keepDims: false), graph.add(BinaryOp(.mul), states, mask))
            let count = try graph.add(ReduceOp(.sum, axes: [1], keepDims: false), mask)
            let low = try graph.add(CastOp(dtype), graph.addConstant(Tensor(scalar: Float(1e-9))))
            let bounded = try graph.add(ClipOp(), count, low, nil)
            let divisor = kind == .mean ? bounded : try graph.add(UnaryOp(.sqrt), bounded)
            return try graph.add(BinaryOp(.div), sum, divisor)
        case .last, .cls:
            throw ModelError.optionWithoutUse(
                path: path, name: "pooling", reason: "`\(kind.rawValue)` is not supported for ONNX files")
        }
    }

    private mutating func normalize(_ drafts: inout [Draft]) throws {
        let isAsked = options.normalize ?? (pooling != nil && sentence.normalizes)
        guard let index = drafts.firstIndex(where: { $0.role == .embedding }) else {
            if options.normalize != nil {
                throw ModelError.optionWithoutUse(path: path, name: "normalize", reason: "the model has no embedding")
            }
            return
        }
        if options.pooling != nil, pooling == nil {
            throw ModelError.optionWithoutUse(
                path: path, name: "pooling", reason: "the model makes one vector for each text itself")
        }
        guard isAsked else { return }
        isNormalized = true
        drafts[index].value = try graph.add(NormalizeOp(), drafts[index].value)
    }
}

/// The first token of each row: x[:, 0].
private enum SliceFirst {
    static let op = GatherOp(axis: 1)
    static func place(_ graph: inout Graph) -> ValueID { graph.addConstant(Tensor(scalar: Int64(0))) }
}
