import MartletGraph
import MartletModels
import MartletSupport
import MartletTensor
import Testing

/// GGUF files of scripts/reference/decoder_fixtures.py, and broken forms of them.
struct GGUFTests {
    /// Parses bytes as a file of their own.
    static func parse(_ bytes: [UInt8]) throws -> GGUFFile {
        try Fixtures.withFolder { folder in
            let path = "\(folder)/model.gguf"
            try Fixtures.write(bytes, to: path)
            return try GGUFFile(MappedFile(path: path))
        }
    }

    @Test func everyTypeDecodesAsItsReference() throws {
        let file = try GGUFFile(MappedFile(path: Fixtures.path("formats.gguf")))
        let expected = try Fixtures.tensor(Fixtures.path("formats.f32"), Float.self, columns: 3 * 256)
        let names = [
            "F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K",
            "IQ4_NL", "IQ4_XS",
        ]
        #expect(Set(file.tensors.keys) == Set(names))
        for (index, name) in names.enumerated() {
            let tensor = try #require(file.tensors[name])
            #expect(tensor.shape == [3, 256])
            #expect(tensor.typeName == name)
            let (format, bytes) = try #require(tensor.stored)
            var graph = Graph()
            let table = graph.addConstant(bytes)
            let ids = graph.addConstant(Tensor(vector: [Int32(0), 1, 2]))
            graph.addOutput(
                "y", try graph.add(BlockEmbeddingOp(BlockWeights(format, columns: 256)), [ids, table])[0])
            let found = try CompiledGraph(graph).run([], RunContext())[0].values(Float.self)
            for (x, y) in zip(found, expected.rows(index..<index + 1).values(Float.self)) {
                #expect((x - y).magnitude <= 1e-5 * max(1, y.magnitude), "\(name)")
            }
        }
    }

    @Test func fileAndFolderOfOneModelAgree() throws {
        let model = try ModelFormats.load(Fixtures.path("llama.gguf"))
        let expected = try DecoderTests.expected("llama")
        #expect(model.format == "gguf")
        #expect(
            DecoderTests.difference(try ArchitectureTests.run(model, expected.ids, output: "logits"), expected.logits)
                < 2e-4)
        #expect(model.text == TextInputs(ids: PackedInputs.ids, positions: PackedInputs.positions))
        let vocabulary = try #require(model.vocabulary)
        #expect(vocabulary.tokens.count == 40)
        #expect(vocabulary.parts["model"]?["byte_fallback"] == true)
    }

    /// Every cut of a file is an error: the data of the last tensor ends with the file.
    @Test func everyTruncationIsAnError() throws {
        let bytes = try Fixtures.bytes(Fixtures.path("llama.gguf"))
        let whole = try Self.parse(bytes)
        #expect(whole.tensors.count == 21)
        for end in Array(0..<2600) + Array(stride(from: 2600, to: bytes.count - 32, by: 997)) {
            #expect(throws: (any Error).self, "\(end) bytes") { try Self.parse(Array(bytes[..<end])) }
        }
    }

    /// Every 8 bytes of the header at extreme values: an error or a file, never a trap or a large allocation.
    @Test func everyCorruptedFieldIsSurvived() throws {
        let bytes = try Fixtures.bytes(Fixtures.path("llama.gguf"))
        for place in stride(from: 4, to: 3800, by: 13) {
            for value in [UInt64(0), 1, UInt64(Int64.max), .max, UInt64(UInt32.max), 1 << 40] {
                var broken = bytes
                withUnsafeBytes(of: value.littleEndian) { broken.replaceSubrange(place..<place + 8, with: $0) }
                try Fixtures.withFolder { folder in
                    try Fixtures.write(broken, to: "\(folder)/model.gguf")
                    _ = try? ModelFormats.load("\(folder)/model.gguf")
                }
            }
        }
    }

    @Test func typesWithoutSupportAreNamed() throws {
        var bytes = try Fixtures.bytes(Fixtures.path("formats.gguf"))
        // The type stands after the name, the number of dimensions and two of these.
        let name = Array("IQ4_XS".utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: name) })
        bytes[place + name.count + 4 + 16] = 16
        #expect {
            try Self.parse(bytes)
        } throws: { error in
            guard case GGUFError.tensorType(_, "IQ4_XS", "IQ2_XXS")? = error as? GGUFError else { return false }
            return true
        }
    }

    @Test func architecturesWithoutSupportAreNamed() throws {
        var bytes = try Fixtures.bytes(Fixtures.path("llama.gguf"))
        let name = Array("general.architecture".utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: name) }) + name.count + 4 + 8
        bytes.replaceSubrange(place..<place + 5, with: Array("llamo".utf8))
        try Fixtures.withFolder { folder in
            try Fixtures.write(bytes, to: "\(folder)/model.gguf")
            #expect(throws: GGUFError.architecture(file: "\(folder)/model.gguf", name: "llamo", suggestion: "llama")) {
                try ModelFormats.load("\(folder)/model.gguf")
            }
        }
    }

    @Test func optionsAreChecked() throws {
        let path = Fixtures.path("llama.gguf")
        #expect(try ModelFormats.load(path, ModelOptions(maxTokens: 7)).maxTokens == 7)
        #expect(try ModelFormats.load(path, ModelOptions(pooling: .mean)).pooling == .mean)
        #expect(throws: ModelError.self) { try ModelFormats.load(path, ModelOptions(labels: ["a", "b"])) }
    }
}
