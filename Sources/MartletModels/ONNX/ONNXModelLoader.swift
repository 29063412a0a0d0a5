import MartletGraph
import MartletSupport
import MartletTensor

/// Reads an ONNX file and finds out what its inputs and outputs mean.
struct ONNXModelLoader {
    let source: ModelSource
    let options: ModelOptions
    let file: MappedFile

    init(_ source: ModelSource, _ options: ModelOptions) throws {
        guard let file = source.file else { throw source.unrecognized }
        self.source = source
        self.options = options
        self.file = file
    }

    func load() throws -> LoadedModel {
        let model = try ONNXDecoder(path: file.path).model(file.bytes)
        let importer = ONNXImporter(model, tensors: ONNXTensorLoader(file: file, folder: source.folder))
        try importer.run()
        var ports = ONNXPorts(
            graph: importer.graph, path: file.path, options: options, sentence: try SentenceModules(beside: source))
        ports.declared = importer.declaredOutputs
        try ports.resolve(labels: try labels(model))
        let graph = ports.graph
        let tokenizer = options.tokenizer ?? source.sibling("tokenizer.json")
        let files = [file.path] + importer.tensors.externalPaths
        let weights = WeightCount(graph)
        return LoadedModel(
            name: source.name, path: source.path, format: ModelFormats.onnxFile.name,
            architecture: architecture(model), files: files, graph: graph, form: .tensors, inputs: ports.inputs,
            outputs: ports.outputs, text: ports.text, classification: ports.classification,
            maxTokens: ports.text == nil ? nil : try maxTokens(model), lowercasesText: ports.sentence.lowercases,
            tokenizerPath: ports.text == nil ? nil : tokenizer, fixedBatch: ports.fixedBatch ?? rowsTogether(graph),
            pooling: ports.pooling,
            isNormalized: ports.isNormalized, parameterCount: weights.parameters, weightBytes: weights.bytes,
            contentHash: try fingerprint(files: files, options: options),
            operators: LoadedModel.OperatorCount.sorted(importer.operatorCounts),
            unavailable: importer.unavailable)
    }

    /// 1 where numbers are quantized over the range of all rows of a run: what the model says of a row is what it says of the
    /// row alone.
    private func rowsTogether(_ graph: Graph) -> Int? {
        graph.nodes.contains { $0.op is DynamicQuantizeOp } ? 1 : nil
    }

    private func architecture(_ model: ONNXModel) -> String {
        let producer = model.producer.isEmpty ? "" : " by \(model.producer)"
        let sets = model.opsets.sorted { $0.key < $1.key }.map {
            $0.key.isEmpty ? "\($0.value)" : "\($0.key) \($0.value)"
        }
        return "ONNX\(producer), opset \(sets.joined(separator: ", "))"
    }

    /// Labels from the options, the file's metadata or `config.json` beside it.
    private func labels(_ model: ONNXModel) throws -> ONNXPorts.Labels? {
        if let given = options.labels { return ONNXPorts.Labels(names: given, mustMatch: true) }
        if let text = model.metadata["labels"] {
            guard let names = (try? JSON.parse(text))?.array?.compactMap(\.string), !names.isEmpty else {
                throw ONNXError.value(
                    file: file.path, name: "labels", reason: "the metadata property is no JSON list of strings")
            }
            return ONNXPorts.Labels(names: names, mustMatch: true)
        }
        guard let (_, config) = try source.json("config.json"), let names = try? ModelLabels.read(config, "") else {
            return nil
        }
        return ONNXPorts.Labels(names: names, mustMatch: false)
    }

    /// The least of what the options, the files beside the model and its position table allow.
    private func maxTokens(_ model: ONNXModel) throws -> Int? {
        var limits = [options.maxTokens].compactMap { $0 }
        limits += try TokenLimits.beside(source)
        if let (_, config) = try source.json("config.json"), let positions = config["max_position_embeddings"]?.int {
            limits.append(positions - TokenLimits.reservedPositions(config["model_type"]?.string ?? ""))
        } else if let rows = positionRows(model) {
            limits.append(rows)
        }
        return limits.filter { $0 > 0 }.min()
    }

    /// Rows of the position table, found by its name. Tables read at running sums over the mask (as RoBERTa's are)
    /// keep two rows for padding.
    private func positionRows(_ model: ONNXModel) -> Int? {
        guard let graph = model.graph else { return nil }
        let table = graph.initializers.first { tensor in
            tensor.name.contains("position_embedding") && tensor.dims.count == 2
        }
        guard let rows = table.flatMap({ Int(exactly: $0.dims[0]) }) else { return nil }
        return graph.nodes.contains { $0.op == "CumSum" } ? rows - 2 : rows
    }
}
