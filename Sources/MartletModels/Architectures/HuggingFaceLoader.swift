import MartletGraph
import MartletSupport
import MartletTensor

/// Builds the packed-sequence graph of a Hugging Face folder.
struct HuggingFaceLoader {
    let source: ModelSource
    let options: ModelOptions
    /// Where config.json and the weights are: the folder itself or the transformer's own below it.
    let inner: ModelSource
    let modules: SentenceModules
    let config: ModelConfig

    init(_ source: ModelSource, _ options: ModelOptions) throws {
        self.source = source
        self.options = options
        modules = try SentenceModules(beside: source)
        inner = try modules.transformerFolder.map { try ModelSource($0) } ?? source
        guard let (path, json) = try inner.json("config.json") else {
            throw ModelError.missingFile(
                folder: inner.path, name: "config.json", remedy: "fetch it from where the weights are from")
        }
        config = ModelConfig(file: path, json: json)
    }

    /// What is put on top of the encoder.
    private enum Head {
        case embedding
        case classes([String])
    }

    func load() throws -> LoadedModel {
        if let family = DecoderTable.find(modelType: config.modelType) { return try loadDecoder(family) }
        let architecture = try ArchitectureTable.find(config.modelType, file: config.file)
        let size = try architecture.size(config)
        let head = try head()
        let weights = ModelWeights(
            try SafetensorsWeights(folder: inner.path), folder: inner.path, prefixes: architecture.prefixes)
        var builder = EncoderBuilder(config, weights, hasTypes: architecture.usesTypes && size.types > 1)
        let states = try architecture.encode(&builder, size)
        var ports = PackedPorts(config: config)
        switch head {
        case .embedding:
            let pooling = options.pooling ?? modules.pooling ?? .mean
            try ports.addEmbedding(&builder, states, size.hidden, pooling, modules, options)
            try weights.requireAllTaken(ignoring: Self.ignoredByEncoders)
        case .classes(let labels):
            try refuseEmbeddingOptions()
            let logits = try architecture.classify(&builder, size, states, labels.count)
            try ports.addClasses(&builder, logits, labels)
            try weights.requireAllTaken(ignoring: Self.ignoredByClassifiers)
        }
        let count = WeightCount(builder.graph)
        var limits = [size.positions - TokenLimits.reservedPositions(config.modelType)]
        limits += try textLimits()
        return try model(
            builder, ports, weights: weights.files, parameters: count.parameters, bytes: count.bytes, limits: limits)
    }

    /// A decoder: weights stay as they are stored; an embedding is the last token's state unless the files say otherwise.
    private func loadDecoder(_ family: DecoderFamily) throws -> LoadedModel {
        let name = config.json["architectures"]?[0]?.string ?? ""
        let isClassifier = name.hasSuffix("ForSequenceClassification")
        guard isClassifier || name.isEmpty || name.hasSuffix("Model") || name.hasSuffix("ForCausalLM") else {
            throw ArchitectureError.head(file: config.file, architecture: name)
        }
        let folder = DecoderFolder(
            family, config,
            ModelWeights(try SafetensorsWeights(folder: inner.path), folder: inner.path, prefixes: ["model."]))
        let size = try folder.size()
        var builder = DecoderBuilder(family, size, folder)
        let states = try builder.states()
        var ports = PackedPorts(config: config)
        var ignored: [String] = []
        if isClassifier {
            try refuseEmbeddingOptions()
            let labels = try labels()
            try ports.addClasses(&builder, try builder.classes(states, labels.count), labels)
            ignored.append("lm_head.")
        } else {
            try refuseLabels()
            let pooling = options.pooling ?? modules.pooling ?? .last
            try ports.addEmbedding(&builder, states, size.hidden, pooling, modules, options)
            if name.hasSuffix("ForCausalLM") {
                let (logits, likelihood) = try builder.language(states)
                ports.addLanguage(&builder, logits: logits, likelihood: likelihood)
            } else {
                ignored.append("lm_head.")
            }
        }
        try folder.requireAllTaken(layers: size.layers, ignoring: ignored)
        return try model(
            builder, ports, weights: folder.files, parameters: builder.parameterCount, bytes: builder.weightBytes,
            limits: [size.positions] + textLimits())
    }

    /// - Parameter limits: how many tokens each of several things allows.
    private func model(
        _ builder: some PackedBuilder, _ ports: PackedPorts, weights: [String], parameters: Int, bytes: Int,
        limits: [Int]
    ) throws -> LoadedModel {
        let files = [config.file] + modules.files + ports.files + weights
        return LoadedModel(
            name: source.name, path: source.path, format: ModelFormats.huggingFaceFolder.name,
            architecture: config.json["architectures"]?[0]?.string ?? config.modelType, files: files,
            graph: builder.graph, form: .packedSequences, inputs: builder.inputs, outputs: ports.outputs,
            text: TextInputs(
                ids: PackedInputs.ids, types: builder.types == nil ? nil : PackedInputs.types,
                positions: PackedInputs.positions),
            classification: ports.classification, maxTokens: max(1, limits.min() ?? 1),
            lowercasesText: modules.lowercases,
            tokenizerPath: options.tokenizer ?? source.sibling("tokenizer.json") ?? inner.sibling("tokenizer.json"),
            fixedBatch: nil, pooling: ports.pooling, isNormalized: ports.isNormalized, parameterCount: parameters,
            weightBytes: bytes, contentHash: try fingerprint(files: files, options: options),
            operators: .init(counting: builder.graph))
    }

    /// Heads of pre-training that encoders are saved with, and buffers that are no weights.
    private static let ignoredByEncoders = [
        "pooler.", "cls.", "lm_head.", "vocab_transform.", "vocab_layer_norm.", "vocab_projector.",
        "embeddings.position_ids", "generator_predictions.", "generator_lm_head.", "discriminator_predictions.",
    ]
    private static let ignoredByClassifiers = ["pooler.", "embeddings.position_ids"]

    private func head() throws -> Head {
        guard let name = config.json["architectures"]?[0]?.string else { return .embedding }
        if name.hasSuffix("ForSequenceClassification") { return .classes(try labels()) }
        guard name.hasSuffix("Model") || name.hasSuffix("ForMaskedLM") || name.hasSuffix("ForPreTraining") else {
            throw ArchitectureError.head(file: config.file, architecture: name)
        }
        try refuseLabels()
        return .embedding
    }

    /// Names of a classifier's classes.
    private func labels() throws -> [String] {
        let saved = try ModelLabels.read(config.json, config.file) ?? ["LABEL_0", "LABEL_1"]
        guard let given = options.labels else { return saved }
        guard given.count == saved.count else {
            throw ModelError.labelCount(path: source.path, labels: given.count, classes: saved.count)
        }
        return given
    }

    private func refuseLabels() throws {
        guard options.labels == nil else {
            throw ModelError.optionWithoutUse(path: source.path, name: "labels", reason: "the model is no classifier")
        }
    }

    private func refuseEmbeddingOptions() throws {
        for (name, isGiven) in [("pooling", options.pooling != nil), ("normalize", options.normalize != nil)]
        where isGiven {
            throw ModelError.optionWithoutUse(path: source.path, name: name, reason: "the model is a classifier")
        }
    }

    /// How many tokens the options and the files beside the weights allow.
    private func textLimits() throws -> [Int] {
        var limits = [options.maxTokens].compactMap { $0 }
        limits += try TokenLimits.beside(source)
        if inner.path != source.path { limits += try TokenLimits.beside(inner) }
        return limits
    }
}

extension [LoadedModel.OperatorCount] {
    /// The graph's ops by name.
    init(counting graph: Graph) {
        var counts: [String: Int] = [:]
        for node in graph.nodes { counts[type(of: node.op).name, default: 0] += 1 }
        self = LoadedModel.OperatorCount.sorted(counts)
    }
}
