import MartletModels
import MartletSupport
import MartletTensor
import Testing

/// Safetensors files, good ones and hostile ones.
struct SafetensorsTests {
    static func file(_ header: String, data: [UInt8], length: UInt64? = nil) -> [UInt8] {
        let text = Array(header.utf8)
        return withUnsafeBytes(of: (length ?? UInt64(text.count)).littleEndian, Array.init) + text + data
    }

    static func read(_ bytes: [UInt8]) throws -> SafetensorsFile {
        try Fixtures.withFolder { folder in
            try Fixtures.write(bytes, to: "\(folder)/model.safetensors")
            return try SafetensorsFile(path: "\(folder)/model.safetensors")
        }
    }

    static let good = file(
        #"{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[1,9]},"b":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"#,
        data: [7, 0, 0, 128, 63, 0, 0, 0, 64])

    @Test func tensorsAreViewsOfAnyAlignment() throws {
        let file = try Self.read(Self.good)
        #expect(file.metadata == ["format": "pt"])
        let a = try #require(file.tensors["a"]).aligned()
        #expect(withExtendedLifetime(a) { Array(a.elements(Float.self)) } == [1, 2])
        #expect(file.tensors["b"]?.shape == [])
    }

    @Test func everyTruncationIsAnError() throws {
        for length in 0..<Self.good.count {
            #expect(throws: (any Error).self, "cut at \(length)") { try Self.read(Array(Self.good[..<length])) }
        }
    }

    @Test(arguments: [0, 1, 1 << 20, 1 << 32, UInt64(1) << 63, .max])
    func headerLength(_ length: UInt64) throws {
        var bytes = Self.good
        withUnsafeBytes(of: length.littleEndian) { bytes.replaceSubrange(0..<8, with: $0) }
        let error = #expect(throws: (any Error).self) { try Self.read(bytes) }
        let code = (error as? any Explainable)?.explanation.code
        #expect(code == "E0641")
    }

    @Test(arguments: [
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            "E0646"
        ),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, "E0644"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, "E0644"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#, "E0644"),
        (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, "E0645"),
        (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, "E0642"),
        (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#, "E0619"),
        (#"{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}"#, "E0643"),
        (#"{"a":{"dtype":"F32","shape":[2]}}"#, "E0642"),
        (#"{"a":{"shape":[2],"data_offsets":[0,8]}}"#, "E0642"),
        (#"{"a":[]}"#, "E0642"),
        (#"[1, 2]"#, "E0642"),
    ])
    func brokenHeader(_ header: String, _ code: String) throws {
        let error = #expect(throws: (any Error).self) {
            try Self.read(Self.file(header, data: [UInt8](repeating: 0, count: 8)))
        }
        #expect((error as? any Explainable)?.explanation.code == code)
    }

    @Test func everyByteAtItsLimitsIsSurvived() throws {
        for index in Self.good.indices {
            for value in [0x00, 0x22, 0x30, 0x39, 0x7B, 0xFF] as [UInt8] {
                var bent = Self.good
                bent[index] = value
                do { _ = try Self.read(bent) } catch { #expect(error is any Explainable) }
            }
        }
    }
}
