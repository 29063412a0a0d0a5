import MartletGraph
import MartletModels
import MartletSupport
import MartletTensor
import Testing

/// The example models that are committed.
struct ToneTests {
    static let examples = "\(Fixtures.testFolder)/../../examples/models"

    /// Every row of the sample against the logits of scripts/reference/tone.py.
    @Test func logitsAgreeWithTheReference() throws {
        let model = try ModelFormats.load("\(Self.examples)/tone")
        let json = try JSON.parse(Fixtures.bytes(Fixtures.path("tone-logits.json")))
        let rows = try #require(json["rows"]?.array)
        let ids = rows.map { ($0["tokens"]?.array ?? []).compactMap { $0.int.map(Int32.init) } }
        let expected = rows.map { ($0["logits"]?.array ?? []).compactMap { $0.double.map(Float.init) } }
        #expect(model.maxTokens == json["max_tokens"]?.int)
        let found = try ArchitectureTests.run(model, ids, output: "logits")
        #expect(ArchitectureTests.difference(found, expected) < 1e-4)
        for (row, reference) in zip(found, expected) {
            #expect(row.firstIndex(of: row.max() ?? 0) == reference.firstIndex(of: reference.max() ?? 0))
        }
    }

    @Test func headTakesAnEmbedding() throws {
        let model = try ModelFormats.load("\(Self.examples)/tone-head.onnx")
        #expect(model.text == nil)
        #expect(model.inputs.count == 1)
        #expect(model.inputs[0].type.shape?.last == .fixed(384))
        #expect(model.operators.allSatisfy { $0.count > 0 })
    }
}
