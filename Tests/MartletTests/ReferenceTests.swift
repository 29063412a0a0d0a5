import Martlet
import MartletTestSupport
import Testing

/// Both encoders on real texts, against numbers of onnxruntime and numpy (`scripts/reference/run`). The first 1,500 rows, all of them
/// with MARTLET_LONG. Skipped where there is no data.
@Suite(.serialized, .enabled(if: ProjectFiles.data != nil))
struct ReferenceTests {
    static let data = ProjectFiles.data ?? ""
    static let isLong = ProjectFiles.environment("MARTLET_LONG") != nil
    static let folder = "model enc = load '\(data)/models/all-MiniLM-L6-v2' with (max_tokens = 256);"
    static let onnx = """
        model enc = load '\(data)/models/paraphrase-MiniLM-L3-v2.onnx'
          with (tokenizer = '\(data)/models/all-MiniLM-L6-v2/tokenizer.json');
        """

    /// Embeddings of the first `rows` reviews, row after row.
    private func embeddings(_ model: String, rows: Int?, _ settings: String = "", threads: Int = 2) throws -> [Float] {
        let limit = rows.map { "|> limit \($0)" } ?? ""
        let results = try Session(threads: threads).run(
            "\(settings) \(model) load '\(Self.data)/reviews.csv' \(limit) |> select enc(text).embedding as e")
        let (elements, shape) = try #require(results.floats("e"))
        #expect(shape == [384])
        #expect(elements.count == results.rowCount * 384)
        return elements
    }

    private func reference(_ name: String, rows: Int?) throws -> [Float] {
        let bytes = try #require(ProjectFiles.bytes("\(Self.data)/reference/\(name)"))
        let all = bytes.withUnsafeBytes { raw in
            (0..<raw.count / 4).map {
                Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
            }
        }
        return rows.map { Array(all.prefix($0 * 384)) } ?? all
    }

    private static let rows: Int? = isLong ? nil : 1_500

    @Test func folderEmbeddingsHaveTheReferencesDirection() throws {
        let ours = try embeddings(Self.folder, rows: Self.rows)
        let theirs = try reference("minilm-l6.f32", rows: Self.rows)
        try #require(ours.count == theirs.count)
        var least = 1.0
        for start in stride(from: 0, to: ours.count, by: 384) {
            least = min(least, cosine(ours[start..<start + 384], theirs[start..<start + 384]))
        }
        #expect(least >= 0.9999)
    }

    @Test func onnxEmbeddingsAreTheReferences() throws {
        let ours = try embeddings(Self.onnx, rows: Self.rows)
        let theirs = try reference("minilm-l3.f32", rows: Self.rows)
        #expect(largestDifference(ours, theirs) <= 1e-4)
    }

    /// Physical choices: batch sizes, threads, padding, optimizer.
    @Test(arguments: [
        "set batch = 1;", "set batch = 7;", "set batch = 64;", "set pack = false;", "set disable = 'all';",
        "set morsel_rows = 7;", "set disable = 'pack_sequences'; set batch = 7;", "set pack = false; set batch = 64;",
    ])
    func physicalChoicesDoNotMatter(_ settings: String) throws {
        for model in [Self.folder, Self.onnx] {
            let usual = try embeddings(model, rows: 200)
            for threads in [1, 2] {
                let other = try embeddings(model, rows: 200, settings, threads: threads)
                #expect(largestDifference(usual, other) <= 1e-5, "\(settings) \(threads) threads")
            }
        }
    }

    /// A head on the encoder, in one graph and apart.
    @Test func oneGraphOfTwoModelsGivesTheSame() throws {
        let script = """
            \(Self.folder) model head = load 'examples/models/tone-head.onnx';
            load '\(Self.data)/reviews.csv' |> limit 100 |> extend softmax(head(enc(text).embedding).logits) as p
            |> select p, argmax(p) as class, max(p) as top
            """
        ProjectFiles.enter()
        let joined = try Session().run(script)
        let apart = try Session().run("set disable = 'form_regions';" + script)
        #expect(joined.profile.operators.filter { $0.infer != nil }.count == 1)
        #expect(apart.profile.operators.filter { $0.infer != nil }.count == 2)
        #expect(joined.values("class") == apart.values("class"))
        #expect(
            largestDifference(try #require(joined.floats("p")).elements, try #require(apart.floats("p")).elements)
                <= 1e-6)
    }

    private func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
        guard a.count == b.count else { return .infinity }
        // A NaN on either side is no agreement.
        return zip(a, b).reduce(0) { worst, pair in
            let difference = abs(pair.0 - pair.1)
            return difference.isNaN ? .infinity : max(worst, difference)
        }
    }

    private func cosine(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
        var (dot, x, y) = (0.0, 0.0, 0.0)
        for (p, q) in zip(a, b) {
            dot += Double(p) * Double(q)
            x += Double(p) * Double(p)
            y += Double(q) * Double(q)
        }
        return dot / (x * y).squareRoot()
    }
}

/// A voice-activity model over the frames of several streams, against onnxruntime's loop over each (`scripts/reference/run`).
@Suite(
    .enabled(if: ProjectFiles.data.map { ProjectFiles.bytes("\($0)/reference/voice_activity.jsonl") != nil } ?? false))
struct VoiceActivityTests {
    @Test(
        arguments: [1, 2], ["", "set morsel_rows = 1;", "set morsel_rows = 4; set batch = 2;", "set disable = 'all';"])
    func statesGoFromFrameToFrame(_ threads: Int, _ settings: String) throws {
        let data = try #require(ProjectFiles.data)
        let rows = try Session(threads: threads).run(
            """
            \(settings) model vad = load '\(data)/models/silero_vad_16k.onnx';
            load '\(data)/reference/voice_activity.jsonl'
            |> infer vad(frame::float[576], sr => 16000) as p with (state = (state => stateN), by = stream)
            |> aggregate count_if(abs(p[0] - want) < 0.0001) as good, count() as all
            """
        ).rows
        #expect(rows.map { "\($0["good"]) of \($0["all"])" } == ["27 of 27"])
    }
}
