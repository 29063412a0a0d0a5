import MartletGraph
import MartletSupport
import MartletTensor

/// Builds the packed-sequence graph of a GGUF file.
struct GGUFLoader {
    let source: ModelSource
    let options: ModelOptions
    let file: GGUFFile

    init(_ source: ModelSource, _ options: ModelOptions) throws {
        self.source = source
        self.options = options
        guard let file = source.file else { preconditionFailure("bug: a GGUF loader without a file") }
        self.file = try GGUFFile(file)
    }

    func load() throws -> LoadedModel {
        guard options.labels == nil else {
            throw ModelError.optionWithoutUse(path: source.path, name: "labels", reason: "the model is no classifier")
        }
        let description = try GGUFSize(file)
        let size = try description.size()
        var builder = DecoderBuilder(description.family, size, GGUFWeights(file))
        let states = try builder.states()
        var ports = PackedPorts(config: nil)
        try ports.addEmbedding(&builder, states, size.hidden, options.pooling ?? .last, SentenceModules(), options)
        let (logits, likelihood) = try builder.language(states)
        ports.addLanguage(&builder, logits: logits, likelihood: likelihood)
        var taken = builder.weights as? GGUFWeights
        if size.rotation.factors != nil { _ = try taken?.vector("rope_freqs.weight", size.rotation.columns / 2) }
        try taken?.requireAllTaken()
        let files = [file.path]
        let vocabulary = options.tokenizer == nil ? try GGUFTokenizer(file)?.vocabulary() : nil
        let limits = [size.positions] + [options.maxTokens].compactMap { $0 }
        return LoadedModel(
            name: source.name, path: source.path, format: ModelFormats.ggufFile.name,
            architecture: description.architecture + (file.metadata["general.name"]?.string.map { ": \($0)" } ?? ""),
            files: files, graph: builder.graph, form: .packedSequences, inputs: builder.inputs, outputs: ports.outputs,
            text: TextInputs(ids: PackedInputs.ids, positions: PackedInputs.positions), classification: nil,
            maxTokens: max(1, limits.min() ?? 1), lowercasesText: false,
            tokenizerPath: vocabulary?.file ?? options.tokenizer ?? source.sibling("tokenizer.json"),
            vocabulary: vocabulary, fixedBatch: nil, pooling: ports.pooling, isNormalized: ports.isNormalized,
            parameterCount: builder.parameterCount, weightBytes: builder.weightBytes,
            contentHash: try fingerprint(files: files, options: options),
            operators: .init(counting: builder.graph))
    }
}
