import MartletGraph
import MartletModels
import MartletSupport
import MartletTensor
import Testing

/// The PP-OCR models against numbers that onnxruntime computed (scripts/reference/ppocr.py), on five shapes each.
///
/// Skipped where `MARTLET_DATA` is not set.
struct VisionReferenceTests {
    @Test(.enabled(if: Fixtures.data != nil), arguments: ["det", "rec", "cls"], [false, true])
    func ocrAgreesWithItsReference(_ model: String, optimized: Bool) throws {
        let data = try #require(Fixtures.data)
        var graph = try ModelFormats.load("\(data)/models/ppocr/\(model).onnx").graph
        if optimized {
            let trace = try graph.optimize(validating: true)
            #expect(trace.count(of: "fold_batch_norm") > 0)
            #expect(trace.count(of: "fuse_conv") > 0)
        }
        let compiled = CompiledGraph(graph)
        let folder = "\(data)/reference/ppocr"
        // One context for all shapes: its memory must not tie it to the first.
        let context = RunContext(pool: ThreadPool(threadCount: 2))
        var cases = 0
        for name in try Fixtures.folders(in: folder) where name.hasPrefix("\(model)-") && name.contains("-in-") {
            let prefix = name.split(separator: "-").prefix(2).joined(separator: "-") + "-out-"
            let output = try #require(Fixtures.folders(in: folder).first { $0.hasPrefix(prefix) })
            let found = try compiled.run([Self.tensor(folder, name)], context)[0]
            let expected = try Self.tensor(folder, output)
            #expect(found.shape == expected.shape, "\(name)")
            #expect(Self.agree(found, expected), "\(name)")
            cases += 1
        }
        #expect(cases >= 5)
    }

    /// A file of raw floats whose name ends with its shape.
    private static func tensor(_ folder: String, _ name: String) throws -> Tensor {
        let shape = (name.split(separator: "-").last ?? "").split(separator: ".")[0].split(separator: "x")
        let flat = try Fixtures.tensor("\(folder)/\(name)", Float.self, columns: 1)
        return flat.reshaped(shape.compactMap { Int($0) })
    }

    /// Whether all numbers agree within 1e-4 + 1e-3 · |expected|.
    private static func agree(_ a: Tensor, _ b: Tensor) -> Bool {
        guard a.count == b.count else { return false }
        return withExtendedLifetime((a, b)) {
            zip(a.elements(Float.self), b.elements(Float.self)).allSatisfy {
                ($0 - $1).magnitude <= 1e-4 + 1e-3 * $1.magnitude
            }
        }
    }
}
