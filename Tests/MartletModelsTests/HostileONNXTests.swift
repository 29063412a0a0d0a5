import MartletGraph
import MartletModels
import MartletSupport
import MartletTensor
import Testing

/// ONNX files that are cut, bent or made to harm: each is one error with words, never a trap.
struct HostileONNXTests {
    /// Loads the bytes as a file; the error's explanation, or nil if it loaded.
    @discardableResult
    static func failure(_ bytes: [UInt8], name: String = "model.onnx") throws -> Explanation? {
        try Fixtures.withFolder { folder in
            try Fixtures.write(bytes, to: "\(folder)/\(name)")
            do {
                let model = try ModelFormats.load("\(folder)/\(name)")
                _ = describe(model).text
                return nil
            } catch {
                let explainable = try #require(error as? any Explainable, "an error without words: \(error)")
                #expect(!explainable.explanation.message.isEmpty)
                return explainable.explanation
            }
        }
    }

    @Test func smallModelRuns() throws {
        try Fixtures.withFolder { folder in
            try Fixtures.write(ONNXWriter.perceptron.file, to: "\(folder)/m.onnx")
            let model = try ModelFormats.load("\(folder)/m.onnx")
            let x = Tensor([1, 1, -1, 0.5] as [Float], shape: [2, 2])
            let y = try CompiledGraph(model.graph).run([x], RunContext())[0]
            #expect(y.shape == [2, 3])
            #expect(withExtendedLifetime(y) { Array(y.elements(Float.self)) } == [0, 7, 9.5, 0, 0.5, 0.5])
            #expect(model.parameterCount == 9)
            #expect(model.fixedBatch == nil)
            #expect(model.operators.map(\.name) == ["Add", "MatMul", "Relu"])
        }
    }

    @Test func everyTruncationIsAnErrorOrAWholeMessage() throws {
        let file = ONNXWriter.perceptron.file
        var loaded: [Int] = []
        for length in 0..<file.count where try Self.failure(Array(file[..<length])) == nil { loaded.append(length) }
        // Only the operator sets, the last field, may be missing whole: then the first version holds.
        #expect(loaded.allSatisfy { $0 == file.count - 4 })
    }

    @Test func everyByteAtItsLimitsIsSurvived() throws {
        let file = ONNXWriter.perceptron.file
        for index in file.indices {
            for value in [0x00, 0x01, 0x7F, 0x80, 0xFF] as [UInt8] where file[index] != value {
                var bent = file
                bent[index] = value
                try Self.failure(bent)
            }
        }
    }

    @Test func everyLengthMadeEnormousIsAnError() throws {
        let file = ONNXWriter.perceptron.file
        let enormous: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
        for index in file.indices {
            try Self.failure(Array(file[..<index]) + enormous + file[(index + 1)...])
        }
    }

    @Test func cycleNamesANode() throws {
        var writer = ONNXWriter()
        writer.input("x", ["2"])
        writer.node("Add", ["x", "b"], ["a"])
        writer.node("Relu", ["a"], ["b"])
        writer.output("b", ["2"])
        let failure = try Self.failure(writer.file)
        #expect(failure?.code == "E0655")
        #expect(failure?.message.contains("node `a` (Add)") == true)
    }

    @Test func nodesInAnyOrderAreSorted() throws {
        var writer = ONNXWriter()
        writer.input("x", ["2"])
        writer.node("Relu", ["a"], ["b"])
        writer.node("Neg", ["x"], ["a"])
        writer.output("b", ["2"])
        #expect(try Self.failure(writer.file) == nil)
    }

    @Test func unsupportedOperatorsAreListedOnce() throws {
        var writer = ONNXWriter()
        writer.input("x", ["2"])
        writer.node("Wonder", ["x"], ["a"])
        writer.node("Mystery", ["a"], ["b"], domain: "org.example")
        writer.node("Mystery", ["b"], ["c"], domain: "org.example")
        writer.output("c", ["2"])
        let failure = try Self.failure(writer.file)
        #expect(failure?.code == "E0654")
        #expect(failure?.message.contains("org.example.Mystery (2×), Wonder") == true)
    }

    static let brokenGraphs: [(String, String, @Sendable (inout ONNXWriter) -> Void)] = [
        (
            "a value made twice", "E0656",
            {
                $0.node("Relu", ["x"], ["y"])
                $0.node("Neg", ["x"], ["y"])
            }
        ),
        ("a value nobody makes", "E0657", { $0.node("Relu", ["z"], ["y"]) }),
        ("too few inputs", "E0658", { $0.node("Add", ["x"], ["y"]) }),
        ("too many inputs", "E0658", { $0.node("Relu", ["x", "x"], ["y"]) }),
        (
            "shapes that do not fit", "E0658",
            { writer in
                writer.weight("w", [3, 1], [1, 2, 3])
                writer.node("MatMul", ["x", "w"], ["y"])
            }
        ),
        (
            "a tensor larger than the file", "E0653",
            { writer in
                writer.rawWeight("w", [1 << 30]) { $0.data(9, [0, 0, 0, 0]) }
                writer.node("Add", ["x", "w"], ["y"])
            }
        ),
        (
            "a tensor of overflowing size", "E0653",
            { writer in
                writer.rawWeight("w", [1 << 40, 1 << 40]) { $0.data(9, []) }
                writer.node("Add", ["x", "w"], ["y"])
            }
        ),
        (
            "a negative dimension", "E0653",
            { writer in
                writer.rawWeight("w", [-1]) { $0.data(9, []) }
                writer.node("Add", ["x", "w"], ["y"])
            }
        ),
        (
            "too few typed elements", "E0653",
            { writer in
                writer.rawWeight("w", [2]) { $0.data(4, [0, 0, 0, 0]) }
                writer.node("Add", ["x", "w"], ["y"])
            }
        ),
        (
            "a type without support", "E0653",
            { writer in
                writer.rawWeight("w", [2], dataType: 8) { $0.data(6, [65]) }
                writer.node("Add", ["x", "w"], ["y"])
            }
        ),
        (
            "external data outside the folder", "E0637",
            { writer in
                writer.rawWeight("w", [2]) { tensor in
                    tensor.integer(14, 1)
                    tensor.message(13) {
                        $0.text(1, "location")
                        $0.text(2, "../secret.bin")
                    }
                }
                writer.node("Add", ["x", "w"], ["y"])
            }
        ),
        (
            "external data at an absolute path", "E0637",
            { writer in
                writer.rawWeight("w", [2]) { tensor in
                    tensor.integer(14, 1)
                    tensor.message(13) {
                        $0.text(1, "location")
                        $0.text(2, "/etc/passwd")
                    }
                }
                writer.node("Add", ["x", "w"], ["y"])
            }
        ),
        (
            "a sparse weight", "E0653",
            { writer in
                writer.graphMessage(15) { $0.message(1) { $0.text(8, "s") } }
                writer.node("Relu", ["x"], ["y"])
            }
        ),
    ]

    @Test(arguments: brokenGraphs.indices)
    func brokenGraph(_ index: Int) throws {
        let (what, code, build) = Self.brokenGraphs[index]
        var writer = ONNXWriter()
        writer.input("x", ["batch", "2"])
        build(&writer)
        writer.output("y", ["batch", "2"])
        #expect(try Self.failure(writer.file)?.code == code, "\(what)")
    }

    @Test func deepNestingEndsInAnError() throws {
        var body = WireWriter()
        body.text(2, "innermost")
        for _ in 0..<200 {
            var outer = WireWriter()
            outer.message(1) { node in
                node.text(4, "If")
                node.message(5) { attribute in
                    attribute.text(1, "then_branch")
                    attribute.data(6, body.bytes)
                    attribute.integer(20, 5)
                }
            }
            body = outer
        }
        var model = WireWriter()
        model.integer(1, 8)
        model.data(7, body.bytes)
        #expect(try Self.failure(model.bytes)?.code == "E0650")
    }

    @Test func recursiveFunctionsEndInAnError() throws {
        var model = WireWriter()
        model.integer(1, 8)
        var writer = ONNXWriter()
        writer.input("x", ["2"])
        writer.node("F", ["x"], ["y"], domain: "local")
        writer.output("y", ["2"])
        model.data(7, writer.graph.bytes)
        model.message(25) { function in
            function.text(1, "F")
            function.text(10, "local")
            function.text(4, "a")
            function.text(5, "b")
            function.message(7) { node in
                node.text(1, "a")
                node.text(2, "b")
                node.text(4, "F")
                node.text(7, "local")
            }
        }
        #expect(try Self.failure(model.bytes)?.code == "E0658")
    }

    @Test func externalDataIsReadFromBesideTheFile() throws {
        var writer = ONNXWriter()
        writer.input("x", ["batch", "2"])
        writer.rawWeight("w", [2]) { tensor in
            tensor.integer(14, 1)
            for (key, value) in [("location", "w.bin"), ("offset", "3"), ("length", "8")] {
                tensor.message(13) {
                    $0.text(1, key)
                    $0.text(2, value)
                }
            }
        }
        writer.node("Add", ["x", "w"], ["y"])
        writer.output("y", ["batch", "2"])
        try Fixtures.withFolder { folder in
            try Fixtures.write(writer.file, to: "\(folder)/m.onnx")
            try Fixtures.write([9, 9, 9, 0, 0, 128, 63, 0, 0, 0, 64], to: "\(folder)/w.bin")
            let model = try ModelFormats.load("\(folder)/m.onnx")
            #expect(model.files.count == 2)
            let y = try CompiledGraph(model.graph).run([Tensor([1, 1] as [Float], shape: [1, 2])], RunContext())[0]
            #expect(withExtendedLifetime(y) { Array(y.elements(Float.self)) } == [2, 3])
            try Fixtures.write([9, 9, 9, 0, 0, 128, 63, 0, 0, 0], to: "\(folder)/w.bin")
            #expect(throws: ONNXError.self) { try ModelFormats.load("\(folder)/m.onnx") }
        }
    }

    @Test func otherKindsOfFilesAreNamed() throws {
        #expect(try Self.failure([])?.message.contains("empty") == true)
        #expect(try Self.failure([0x50, 0x4B, 3, 4, 0], name: "m.pt")?.message.contains("zip") == true)
        #expect(try Self.failure(Array("hello world".utf8), name: "m.txt")?.code == "E0630")
    }
}
