import MartletGraph
import MartletModels
import MartletSupport
import MartletTensor
import Testing

/// SmolLM2 in GGUF against numpy on its dequantized weights (scripts/reference/smollm2.py).
///
/// Skipped where `MARTLET_DATA` is not set.
struct LanguageModelTests {
    private static func load(_ options: ModelOptions = ModelOptions()) throws -> LoadedModel {
        let data = try #require(Fixtures.data)
        return try ModelFormats.load("\(data)/models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", options)
    }

    @Test(.enabled(if: Fixtures.data != nil))
    func fileIsDescribedByItsMetadata() throws {
        let model = try Self.load()
        #expect(model.format == "gguf")
        #expect(model.form == .packedSequences)
        #expect(model.maxTokens == 8192)
        #expect(model.outputs.map(\.name) == ["embedding", "tokens", "logits", "score"])
        #expect(model.output(named: "logits")?.type.shape?.last == .fixed(49152))
        // 30 layers of 576 → 1536, 9 heads on 3, and the table of 49,152 tokens, which is the head too.
        let layer = 576 * 576 * 2 + 576 * 192 * 2 + 3 * 576 * 1536 + 2 * 576
        #expect(model.parameterCount == 49152 * 576 + 30 * layer + 576)
        #expect(model.weightBytes < 100 << 20)
        let vocabulary = try #require(model.vocabulary)
        #expect(vocabulary.tokens.count == 49152)
        #expect(vocabulary.merges.count == 48900)
    }

    /// Batches of sequences of ids, and each sequence's log-likelihood.
    private static func batches(_ data: String) throws -> [[(ids: [Int32], likelihood: Float)]] {
        let json = try JSON.parse(Fixtures.bytes("\(data)/reference/smollm2.json"))
        return (json["batches"]?.array ?? []).map { batch in
            (batch.array ?? []).map { sequence in
                (
                    (sequence["ids"]?.array ?? []).compactMap { $0.int.map(Int32.init) },
                    Float(sequence["likelihood"]?.double ?? .nan)
                )
            }
        }
    }

    @Test(.enabled(if: Fixtures.data != nil))
    func everyBatchAgreesWithItsReference() throws {
        let data = try #require(Fixtures.data)
        let model = try Self.load()
        let logits = try Fixtures.tensor("\(data)/reference/smollm2-logits.f32", Float.self, columns: 49152)
        let states = try Fixtures.tensor("\(data)/reference/smollm2-states.f32", Float.self, columns: 576)
        let batches = try Self.batches(data)
        #expect(batches.map(\.count) == [1, 1, 3, 1, 4])
        let names = ["logits", "embedding", "score"]
        var graph = model.graph(for: names.compactMap(model.output(named:)))
        _ = try optimize(&graph, rules: graphRules + finishingRules, validating: true)
        let compiled = CompiledGraph(graph)
        let context = RunContext(pool: ThreadPool(threadCount: 2))
        var row = 0
        for batch in batches {
            let found = try compiled.run(ArchitectureTests.packed(model, batch.map(\.ids)), context)
            let rows = row..<row + batch.count
            #expect(Self.excess(found[0], logits.rows(rows)) <= 1, "logits of sequences \(rows)")
            #expect(Self.excess(found[1], states.rows(rows)) <= 1, "states of sequences \(rows)")
            for (score, sequence) in zip(found[2].values(Float.self), batch) {
                #expect((score - sequence.likelihood).magnitude <= 1e-4 * max(1, sequence.likelihood.magnitude))
            }
            row += batch.count
        }
    }

    /// The greatest difference in units of 1e-3 of the expected number plus 1e-4 of the largest one in its row.
    private static func excess(_ found: Tensor, _ expected: Tensor) -> Float {
        guard found.shape == expected.shape else { return .infinity }
        let columns = found.shape[1]
        let (a, b) = (found.values(Float.self), expected.values(Float.self))
        var worst: Float = 0
        for row in 0..<found.shape[0] {
            let scale = b[row * columns..<(row + 1) * columns].map(\.magnitude).max() ?? 0
            for index in row * columns..<(row + 1) * columns {
                guard a[index].isFinite else { return .infinity }
                worst = max(worst, (a[index] - b[index]).magnitude / (1e-3 * b[index].magnitude + 1e-4 * scale))
            }
        }
        return worst
    }

    @Test(.enabled(if: Fixtures.data != nil))
    func aSequenceGivesTheSameAloneAndAmongOthers() throws {
        let data = try #require(Fixtures.data)
        let model = try Self.load()
        let batch = try Self.batches(data)[2].map(\.ids)
        let together = try ArchitectureTests.run(model, batch, output: "embedding")
        for (ids, state) in zip(batch, together) {
            #expect(try ArchitectureTests.run(model, [ids], output: "embedding") == [state])
        }
    }
}
