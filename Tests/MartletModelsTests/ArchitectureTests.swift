import MartletGraph
import MartletModels
import MartletSupport
import MartletTensor
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Tiny random models of each family against float64 numbers of scripts/reference/model_fixtures.py.
struct ArchitectureTests {
    static let families = ["bert", "roberta", "electra", "distilbert", "mpnet"]

    /// Runs sequences in one packed batch; rows of the output named.
    static func run(_ model: LoadedModel, _ sequences: [[Int32]], output: String) throws -> [[Float]] {
        let chosen = try #require(model.output(named: output))
        let results = try CompiledGraph(model.graph(for: [chosen])).run(packed(model, sequences), RunContext())
        let y = results[0]
        let width = y.rank > 1 ? y.shape[1] : 1
        return withExtendedLifetime(y) {
            let values = Array(y.elements(Float.self))
            return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
        }
    }

    static func packed(_ model: LoadedModel, _ sequences: [[Int32]]) -> [Tensor] {
        let ids = sequences.flatMap { $0 }
        var offsets: [Int32] = [0]
        for sequence in sequences { offsets.append((offsets.last ?? 0) + Int32(sequence.count)) }
        return model.inputs.map { input in
            switch input.role {
            case .tokenIDs: Tensor(vector: ids)
            case .tokenTypes: Tensor(vector: [Int32](repeating: 0, count: ids.count))
            case .tokenPositions: Tensor(vector: sequences.flatMap { $0.indices.map(Int32.init) })
            case .sequenceOffsets: Tensor(vector: offsets)
            default: Tensor(vector: sequences.map { Int32($0.count) })
            }
        }
    }

    static func expected(_ name: String) throws -> (ids: [[Int32]], outputs: [[Float]]) {
        let json = try JSON.parse(Fixtures.bytes(Fixtures.path("\(name)/expected.json")))
        let ids = json["ids"]?.array ?? []
        let outputs = json["outputs"]?.array ?? []
        return (
            ids.map { ($0.array ?? []).compactMap { $0.int.map(Int32.init) } },
            outputs.map { ($0.array ?? []).compactMap { $0.double.map(Float.init) } }
        )
    }

    static func difference(_ a: [[Float]], _ b: [[Float]]) -> Float {
        guard a.map(\.count) == b.map(\.count), !a.isEmpty else { return .infinity }
        return zip(a.joined(), b.joined()).map { ($0 - $1).magnitude }.max() ?? .infinity
    }

    @Test(arguments: families)
    func classifierAgrees(_ family: String) throws {
        let model = try ModelFormats.load(Fixtures.path("\(family)-classifier"))
        let expected = try Self.expected("\(family)-classifier")
        #expect(model.classification?.kind == .single)
        #expect(model.labels == ["class 0", "class 1", "class 2"])
        #expect(model.outputs.map(\.name) == ["logits", "probabilities"])
        let logits = try Self.run(model, expected.ids, output: "logits")
        #expect(Self.difference(logits, expected.outputs) < 2e-5)
        let probabilities = try Self.run(model, expected.ids, output: "probabilities")
        for row in probabilities { #expect((row.reduce(0, +) - 1).magnitude < 1e-6) }
    }

    @Test(arguments: families)
    func encoderAgrees(_ family: String) throws {
        let model = try ModelFormats.load(Fixtures.path("\(family)-encoder"))
        let expected = try Self.expected("\(family)-encoder")
        #expect(model.pooling == .mean)
        #expect(!model.isNormalized)
        #expect(model.maxTokens == (family == "roberta" || family == "mpnet" ? 22 : 24))
        let embeddings = try Self.run(model, expected.ids, output: "embedding")
        #expect(Self.difference(embeddings, expected.outputs) < 2e-5)
        // Packing is no more than packing: alone, each sequence gives the same.
        for (ids, together) in zip(expected.ids, embeddings) {
            let alone = try Self.run(model, [ids], output: "embedding")
            #expect(Self.difference(alone, [together]) < 1e-5)
        }
        #expect(describe(model).text.contains("embedding float[rows, 16]"))
    }

    @Test func optionsChangePoolingAndLength() throws {
        let path = Fixtures.path("bert-encoder")
        let ids = try Self.expected("bert-encoder").ids
        let cls = try ModelFormats.load(path, ModelOptions([("pooling", "cls"), ("normalize", true)]))
        #expect(cls.pooling == .cls)
        #expect(cls.isNormalized)
        let first = try Self.run(cls, ids, output: "embedding")
        for row in first { #expect((row.reduce(0) { $0 + $1 * $1 } - 1).magnitude < 1e-5) }
        #expect(cls.contentHash != (try ModelFormats.load(path)).contentHash)
        #expect(try ModelFormats.load(path, ModelOptions(maxTokens: 7)).maxTokens == 7)
        #expect(throws: ModelError.unknownOption(name: "poling", suggestion: "pooling")) {
            try ModelOptions([("poling", "cls")])
        }
        #expect(throws: ModelError.self) { try ModelOptions([("max_tokens", 0)]) }
    }

    @Test func labelsMustFitTheHead() throws {
        let path = Fixtures.path("bert-classifier")
        #expect(try ModelFormats.load(path, ModelOptions(labels: ["a", "b", "c"])).labels == ["a", "b", "c"])
        #expect(throws: ModelError.labelCount(path: path, labels: 2, classes: 3)) {
            try ModelFormats.load(path, ModelOptions(labels: ["a", "b"]))
        }
        #expect(throws: ModelError.self) { try ModelFormats.load(path, ModelOptions(pooling: .mean)) }
    }

    /// A copy of a fixture with text in its configuration replaced; the code of the error it gives.
    static func failure(_ name: String, replacing old: String, with new: String) throws -> String? {
        try Fixtures.withFolder { folder in
            let config = String(decoding: try Fixtures.bytes(Fixtures.path("\(name)/config.json")), as: UTF8.self)
            let parts = config.split(separator: old, omittingEmptySubsequences: false)
            try #require(parts.count == 2, "`\(old)` is not in \(name) once")
            try Fixtures.write(Array((parts[0] + new + parts[1]).utf8), to: "\(folder)/config.json")
            let weights = try Fixtures.bytes(Fixtures.path("\(name)/model.safetensors"))
            try Fixtures.write(weights, to: "\(folder)/model.safetensors")
            do {
                _ = try ModelFormats.load(folder)
                return nil
            } catch let error as any Explainable {
                #expect(!error.explanation.message.isEmpty)
                return error.explanation.code
            }
        }
    }

    @Test(arguments: [
        (#""hidden_size": 16"#, #""hidden_size": 17"#, "E0662"),
        (#""hidden_size": 16"#, #""hidden_size": 18"#, "E0664"),
        (#""hidden_size": 16"#, #""hidden_size": -16"#, "E0662"), (#""hidden_size": 16,"#, "", "E0662"),
        (#""num_hidden_layers": 2"#, #""num_hidden_layers": 1000000000"#, "E0662"),
        (#""num_hidden_layers": 2"#, #""num_hidden_layers": 3"#, "E0663"),
        (#""num_hidden_layers": 2"#, #""num_hidden_layers": 1"#, "E0666"),
        (#""num_attention_heads": 2"#, #""num_attention_heads": 0"#, "E0662"),
        (#""vocab_size": 40"#, #""vocab_size": 41"#, "E0664"),
        (#""hidden_act": "gelu""#, #""hidden_act": "sine""#, "E0662"),
        (#""model_type": "bert""#, #""model_type": "brt""#, "E0660"),
        (#"ForSequenceClassification"#, "ForVideo", "E0661"),
        (#""2": "class 2""#, #""7": "class 2""#, "E0662"), (#""vocab_size": 40,"#, #""vocab_size": 40"#, "E0610"),
    ])
    func brokenConfiguration(_ old: String, _ new: String, _ code: String) throws {
        #expect(try Self.failure("bert-classifier", replacing: old, with: new) == code)
    }

    @Test func otherProblemsHaveOtherOutputs() throws {
        try Fixtures.withFolder { folder in
            let config = String(
                decoding: try Fixtures.bytes(Fixtures.path("bert-classifier/config.json")), as: UTF8.self)
            let weights = try Fixtures.bytes(Fixtures.path("bert-classifier/model.safetensors"))
            try Fixtures.write(weights, to: "\(folder)/model.safetensors")
            let ids = try Self.expected("bert-classifier").ids
            for (problem, outputs) in [
                ("multi_label_classification", ["logits", "probabilities"]), ("regression", ["score"]),
            ] {
                let text = #"{"problem_type": "\#(problem)","# + config.dropFirst()
                try Fixtures.write(Array(text.utf8), to: "\(folder)/config.json")
                let model = try ModelFormats.load(folder)
                #expect(model.outputs.map(\.name) == outputs)
                guard problem != "regression" else { continue }
                #expect(model.classification?.kind == .multiple)
                let logits = try Self.run(model, ids, output: "logits")
                let sigmoids = try Self.run(model, ids, output: "probabilities")
                #expect(Self.difference(logits.map { $0.map { logit in sigmoid(logit) } }, sigmoids) < 1e-6)
            }
        }
    }
}

private func sigmoid(_ x: Float) -> Float { 1 / (1 + expf(-x)) }
