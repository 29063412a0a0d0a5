import Martlet
import MartletTestSupport
import Testing

/// Hostile and broken models: one error that names the file, no trap.
@Suite
struct BadModelTests {
    init() { ProjectFiles.enter() }

    private let tone = "examples/models/tone"

    /// What loading and using a model finds, which must be one error that names a file in `folder`.
    private func failure(_ path: String, in folder: TemporaryFolder) throws -> MartletError.Problem {
        let problem = try BadDataTests.failure(
            "model m = load '\(path)'; from values ('a') as t(text) |> infer m(text) as s")
        #expect(problem.rendered.contains(folder.path), "\(problem.rendered)")
        return problem
    }

    /// A copy of the example model in which `file` has other bytes.
    private func broken(_ file: String, _ change: ([UInt8]) -> [UInt8]) throws -> MartletError.Problem {
        let folder = try TemporaryFolder()
        try folder.copy(tone, as: "m")
        try folder.write("m/\(file)", change(try #require(folder.bytes("m/\(file)"))))
        return try failure(folder("m"), in: folder)
    }

    // MARK: Folders

    @Test(arguments: ["config.json", "model.safetensors", "tokenizer.json"])
    func aFolderThatLacks(_ file: String) throws {
        let folder = try TemporaryFolder()
        try folder.copy(tone, as: "m")
        try folder.remove("m/\(file)")
        if file == "tokenizer.json" {
            // Without it the model takes token ids.
            #expect(Session().check("model m = load '\(folder("m"))'").allSatisfy { $0.rendered.contains(file) })
            return
        }
        let problem = try failure(folder("m"), in: folder)
        #expect(problem.rendered.contains(file), "\(problem.rendered)")
    }

    @Test func anEmptyFolder() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("m")
        let problem = try failure(folder("m"), in: folder)
        #expect(problem.help != nil || problem.notes.count > 0, "\(problem.rendered)")
    }

    @Test func anArchitectureThatIsNotKnown() throws {
        let problem = try broken("config.json") { bytes in
            Array(String(decoding: bytes, as: UTF8.self).replacing("\"bert\"", with: "\"gpt9\"").utf8)
        }
        #expect(problem.message.contains("gpt9"), "\(problem.rendered)")
        #expect(problem.help != nil || !problem.notes.isEmpty)
    }

    @Test(arguments: ["", "{", "[]", "{\"model_type\": 7}", "\u{0}"])
    func aConfigurationThatIsNone(_ text: String) throws {
        _ = try broken("config.json") { _ in Array(text.utf8) }
    }

    @Test(arguments: [
        ("\"type\":\"WordPiece\"", "\"type\":\"Sorcery\""), ("\"type\":\"BertNormalizer\"", "\"type\":\"Sorcery\""),
        ("\"type\":\"TemplateProcessing\"", "\"type\":\"Sorcery\""),
    ])
    func aTokenizerOfUnknownKind(_ from: String, _ to: String) throws {
        let problem = try broken("tokenizer.json") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.contains(from))
            return Array(text.replacing(from, with: to).utf8)
        }
        #expect(problem.rendered.contains("Sorcery"), "\(problem.rendered)")
    }

    @Test(arguments: [0, 1, 100, 5_000, 110_000])
    func aTokenizerCutOff(_ count: Int) throws { _ = try broken("tokenizer.json") { Array($0.prefix(count)) } }

    // MARK: safetensors

    private static func header(_ length: UInt64, _ text: String, _ data: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(8 * $0)) } + Array(text.utf8)
            + [UInt8](repeating: 0, count: data)
    }

    private static func header(_ text: String, _ data: Int) -> [UInt8] { header(UInt64(text.utf8.count), text, data) }

    static let weights: [(String, [UInt8])] = [
        ("empty", []),
        ("less than a length", [1, 2, 3]),
        ("a header of 0 bytes", header(0, "{}", 16)),
        ("a header of 2^63 bytes", header(1 << 63, "{}", 16)),
        ("a header of 2^64 - 1 bytes", header(.max, "{}", 16)),
        ("a header longer than the file", header(1_000, "{}", 16)),
        ("a header that is no JSON", header("hello", 16)),
        ("no tensors", header("{}", 0)),
        (
            "tensors that overlap",
            header(
                #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#,
                12)
        ),
        ("a tensor beyond the file", header(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4)),
        ("offsets in reverse", header(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8)),
        (
            "offsets that overflow",
            header(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[9223372036854775800,9223372036854775808]}}"#, 8)
        ),
        (
            "a shape that overflows",
            header(#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#, 8)
        ),
    ]

    @Test(arguments: weights.indices)
    func weightsThatAreNone(_ index: Int) throws {
        _ = try broken("model.safetensors") { _ in Self.weights[index].1 }
    }

    @Test(arguments: [7, 8, 500, 4_000, 1_000_000, 2_962_349])
    func weightsCutOff(_ count: Int) throws { _ = try broken("model.safetensors") { Array($0.prefix(count)) } }

    // MARK: ONNX

    @Test func anONNXFileCutAnywhere() throws {
        let folder = try TemporaryFolder()
        let whole = try folder.copy("examples/models/tone-head.onnx", as: "whole.onnx")
        let bytes = try #require(folder.bytes("whole.onnx"))
        #expect(Session().check("model m = load '\(whole)'").isEmpty)
        // Every byte of the beginning and the end, where the structure is, and steps through the weights.
        let cuts =
            Array(0..<60) + stride(from: 61, to: bytes.count - 61, by: bytes.count / 80)
            + (1..<60).map { bytes.count - $0 }
        var sound = 0
        for cut in cuts {
            let file = try folder.write("cut-\(cut).onnx", Array(bytes.prefix(cut)))
            let problems = Session().check("model m = load '\(file)'")
            if problems.isEmpty { sound += 1 }
            #expect(problems.count <= 1)
            if let problem = problems.first {
                #expect(problem.rendered.contains(file), "\(problem.rendered)")
                #expect(problem.code != "E0500", "\(problem.rendered)")
            }
            try folder.remove("cut-\(cut).onnx")
        }
        // At a border between fields at the end of the file only trailing remarks are lost.
        #expect(sound <= 3)
    }

    @Test func anONNXGraphThatIsCyclic() throws {
        let folder = try TemporaryFolder()
        var graph = ProtobufWriter()
        graph.node("Add", ["x", "b"], "a")
        graph.node("Relu", ["a"], "b")
        graph.value(11, "x", [1, 4])
        graph.value(12, "b", [1, 4])
        let problem = try failure(try folder.write("m.onnx", graph.model), in: folder)
        #expect(problem.rendered.contains("`b`") || problem.rendered.contains("`a`"), "\(problem.rendered)")
    }

    @Test func anONNXTensorLargerThanTheFile() throws {
        let folder = try TemporaryFolder()
        var graph = ProtobufWriter()
        graph.message(5) { tensor in
            for size in [1 << 20, 1 << 20] { tensor.integer(1, size) }
            tensor.integer(2, 1)
            tensor.data(8, Array("w".utf8))
            tensor.data(9, [0, 0, 0, 0])
        }
        graph.node("MatMul", ["x", "w"], "y")
        graph.value(11, "x", [1, 1 << 20])
        graph.value(12, "y", [1, 1 << 20])
        let problem = try failure(try folder.write("m.onnx", graph.model), in: folder)
        #expect(problem.rendered.contains("`w`"), "\(problem.rendered)")
    }

    @Test func anOperatorThatIsNotKnown() throws {
        let folder = try TemporaryFolder()
        var graph = ProtobufWriter()
        graph.node("Sorcery", ["x"], "y")
        graph.value(11, "x", [1, 4])
        graph.value(12, "y", [1, 4])
        let problem = try failure(try folder.write("m.onnx", graph.model), in: folder)
        #expect(problem.rendered.contains("Sorcery"), "\(problem.rendered)")
    }

    @Test func filesThatAreNoModels() throws {
        let folder = try TemporaryFolder()
        for bytes in [[], Array("hello".utf8), Array("{}".utf8), [UInt8](repeating: 0xFF, count: 5_000)] {
            _ = try failure(try folder.write("m.onnx", bytes), in: folder)
            _ = try failure(try folder.write("m.bin", bytes), in: folder)
        }
    }
}
