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
        let files = [config.file] + modules.files + ports.files + weights.files
        return LoadedModel(
            name: source.name, path: source.path, format: ModelFormats.huggingFaceFolder.name,
            architecture: config.json["architectures"]?[0]?.string ?? config.modelType, files: files,
            graph: builder.graph, form: .packedSequences, inputs: builder.inputs, outputs: ports.outputs,
            text: TextInputs(
                ids: PackedInputs.ids, types: builder.types == nil ? nil : PackedInputs.types,
                positions: PackedInputs.positions),
            classification: ports.classification, maxTokens: try maxTokens(size), lowercasesText: modules.lowercases,
            tokenizerPath: options.tokenizer ?? source.sibling("tokenizer.json") ?? inner.sibling("tokenizer.json"),
            fixedBatch: nil, pooling: ports.pooling, isNormalized: ports.isNormalized,
            parameterCount: count.parameters, weightBytes: count.bytes,
            contentHash: try fingerprint(files: files, options: options),
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
        if name.hasSuffix("ForSequenceClassification") {
            let saved = try ModelLabels.read(config.json, config.file) ?? ["LABEL_0", "LABEL_1"]
            guard let given = options.labels else { return .classes(saved) }
            guard given.count == saved.count else {
                throw ModelError.labelCount(path: source.path, labels: given.count, classes: saved.count)
            }
            return .classes(given)
        }
        guard name.hasSuffix("Model") || name.hasSuffix("ForMaskedLM") || name.hasSuffix("ForPreTraining") else {
            throw ArchitectureError.head(file: config.file, architecture: name)
        }
        guard options.labels == nil else {
            throw ModelError.optionWithoutUse(path: source.path, name: "labels", reason: "the model is no classifier")
        }
        return .embedding
    }

    private func refuseEmbeddingOptions() throws {
        for (name, isGiven) in [("pooling", options.pooling != nil), ("normalize", options.normalize != nil)]
        where isGiven {
            throw ModelError.optionWithoutUse(path: source.path, name: name, reason: "the model is a classifier")
        }
    }

    /// The least of what the options, the files and the position table allow.
    private func maxTokens(_ size: TransformerSize) throws -> Int {
        var limits = [size.positions - TokenLimits.reservedPositions(config.modelType)]
        limits += [options.maxTokens].compactMap { $0 }
        limits += try TokenLimits.beside(source)
        if inner.path != source.path { limits += try TokenLimits.beside(inner) }
        return max(1, limits.min() ?? 1)
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
