import Martlet
import MartletTestSupport
import Testing

/// ONNX models whose weights are in a second file.
@Suite
struct ExternalDataTests {
    init() { ProjectFiles.enter() }

    private static let fixtures = "Tests/Scripts/data/models"

    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.copy("\(Self.fixtures)/external.onnx", as: "external.onnx")
        try folder.copy("\(Self.fixtures)/external.weights", as: "external.weights")
        return folder
    }

    private func answer(_ path: String, _ session: Session) throws -> String {
        let rows = try session.run("model m = load '\(path)'; from values (1) as t(n) |> infer m([n, 1]) as (y)").rows
        return rows.map { "\($0["y"])" }.joined()
    }

    @Test func weightsThatChangeAreReadAgain() throws {
        let folder = try folder()
        let session = Session()
        let before = try answer(folder("external.onnx"), session)
        #expect(try answer(folder("external.onnx"), session) == before)
        let other: [Float] = [1, 2, 3, 4, 5, 60]
        try folder.write("external.weights", other.withUnsafeBytes(Array.init))
        let after = try answer(folder("external.onnx"), session)
        #expect(after != before)
        #expect(try answer(folder("external.onnx"), Session()) == after)
    }

    @Test func aModelThatChangesIsReadAgain() throws {
        let folder = try folder()
        let session = Session()
        _ = try answer(folder("external.onnx"), session)
        let bytes = try #require(folder.bytes("external.onnx"))
        try folder.write("external.onnx", bytes.map { $0 == UInt8(ascii: "y") ? UInt8(ascii: "z") : $0 })
        #expect(throws: MartletError.self) { _ = try answer(folder("external.onnx"), session) }
    }

    @Test func weightsThatAreMissingOrShortAreNamed() throws {
        let folder = try folder()
        try folder.write("external.weights", [1, 2, 3])
        for step in 0..<2 {
            if step == 1 { try folder.remove("external.weights") }
            let problem = try BadDataTests.failure("model m = load '\(folder("external.onnx"))'")
            #expect(problem.rendered.contains("external.weights"), "\(problem.rendered)")
        }
    }
}
