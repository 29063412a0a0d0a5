import MartletGraph
import MartletModels
import MartletSupport
import MartletTensor
import Testing

/// Tiny random decoders in Hugging Face folders against float64 numbers of scripts/reference/decoder_fixtures.py.
struct DecoderTests {
    struct Expected {
        var ids: [[Int32]]
        var states: [[Float]]
        var logits: [[Float]]
        var likelihoods: [[Float]]
    }

    static func expected(_ family: String) throws -> Expected {
        let json = try JSON.parse(Fixtures.bytes(Fixtures.path("\(family)-decoder/expected.json")))
        func rows(_ key: String) -> [[Float]] {
            (json[key]?.array ?? []).map { ($0.array ?? []).compactMap { $0.double.map(Float.init) } }
        }
        return Expected(
            ids: (json["ids"]?.array ?? []).map { ($0.array ?? []).compactMap { $0.int.map(Int32.init) } },
            states: rows("states"), logits: rows("logits"),
            likelihoods: (json["likelihoods"]?.array ?? []).compactMap { $0.double.map { [Float($0)] } })
    }

    /// The largest difference relative to 1 and to the number itself.
    static func difference(_ a: [[Float]], _ b: [[Float]]) -> Float {
        guard a.map(\.count) == b.map(\.count), !a.isEmpty else { return .infinity }
        return zip(a.joined(), b.joined()).map { ($0 - $1).magnitude / max(1, $1.magnitude) }.max() ?? .infinity
    }

    @Test(arguments: ["llama", "mistral", "qwen2", "qwen3", "gemma"])
    func familyAgrees(_ family: String) throws {
        let model = try ModelFormats.load(Fixtures.path("\(family)-decoder"))
        let expected = try Self.expected(family)
        #expect(model.outputs.map(\.name) == ["embedding", "tokens", "logits", "score"])
        #expect(model.pooling == .last)
        #expect(model.maxTokens == 64)
        for (output, numbers) in [
            ("embedding", expected.states), ("logits", expected.logits), ("score", expected.likelihoods),
        ] {
            #expect(Self.difference(try ArchitectureTests.run(model, expected.ids, output: output), numbers) < 2e-4)
        }
    }

    @Test func rulesChangeNothing() throws {
        let model = try ModelFormats.load(Fixtures.path("llama-decoder"))
        let expected = try Self.expected("llama")
        var graph = model.graph(for: [try #require(model.output(named: "logits"))])
        _ = try optimize(&graph, rules: graphRules + finishingRules, validating: true)
        let found = try CompiledGraph(graph).run(ArchitectureTests.packed(model, expected.ids), RunContext())[0]
        let plain = try ArchitectureTests.run(model, expected.ids, output: "logits")
        #expect(found.values(Float.self) == plain.flatMap { $0 })
    }
}
