import MartletGraph
import MartletModels
import MartletSupport
import MartletTensor
import Testing

/// A text encoder that onnxruntime's tools quantized in three ways (scripts/reference/int8_models.py), on five shapes: our
/// result is as near to that of the model in float32 as onnxruntime's is, and near to onnxruntime's.
///
/// Equal numbers cannot be asked for: a last bit of a float in front of a rounding becomes a whole level.
/// Skipped where `MARTLET_DATA` is not set.
struct Int8ModelTests {
    static let folder = Fixtures.data.map { "\($0)/reference/int8" }

    struct Distance {
        var largest: Float = 0
        var sum: Double = 0
        var count = 0
        var mean: Double { sum / Double(max(count, 1)) }

        mutating func add(_ a: Tensor, _ b: Tensor) {
            for (x, y) in zip(a.values(Float.self), b.values(Float.self)) {
                let difference = (x - y).magnitude
                // A NaN stays.
                largest = difference <= largest ? largest : difference
                sum += Double(difference)
                count += 1
            }
        }
    }

    @Test(.enabled(if: folder != nil), arguments: ["dynamic", "qdq", "qoperator"], [false, true])
    func quantizedEncodersAreAsExactAsTheirReference(_ form: String, optimized: Bool) throws {
        let folder = try #require(Self.folder)
        let model = try ModelFormats.load("\(folder)/\(form).onnx")
        let output = try #require(model.outputs.first { $0.fileName == "461" || $0.name == "461" })
        // Its ranges are of all rows that are run together.
        #expect(model.fixedBatch == (form == "dynamic" ? 1 : nil))
        var graph = model.graph(for: [output])
        if optimized { _ = try graph.optimize(validating: true) }
        let compiled = CompiledGraph(graph)
        // One context for all shapes: its memory must not tie it to the first.
        let context = RunContext(pool: ThreadPool(threadCount: 2))
        var (ours, theirs, between) = (Distance(), Distance(), Distance())
        var cases = 0
        let names = try Fixtures.folders(in: folder)
        for name in names where name.hasPrefix("ids-") {
            let (number, shape) = try Self.place(name)
            let ids = try Fixtures.tensor("\(folder)/\(name)", Int64.self, columns: shape[1])
            let mask = try Fixtures.tensor(
                "\(folder)/\(name.replacing("ids-", with: "mask-"))", Int64.self, columns: shape[1])
            func reference(_ prefix: String) throws -> Tensor {
                let file = try #require(names.first { $0.hasPrefix("\(prefix)-\(number)-") })
                return try Fixtures.tensor("\(folder)/\(file)", Float.self, columns: 384)
            }
            let found = try compiled.run([ids, mask], context)[0]
            let (exact, expected) = (try reference("fp32"), try reference(form))
            #expect(found.shape == exact.shape)
            ours.add(found, exact)
            theirs.add(expected, exact)
            between.add(found, expected)
            cases += 1
        }
        #expect(cases == 5)
        let numbers = """
            \(form): off float32 by \(ours.largest), \(ours.mean) on average; onnxruntime by \(theirs.largest), \
            \(theirs.mean); apart by \(between.largest), \(between.mean)
            """
        #expect(ours.mean <= 1.02 * theirs.mean, "\(numbers)")
        #expect(ours.largest <= 1.1 * theirs.largest, "\(numbers)")
        #expect(between.mean <= 0.15 * theirs.mean, "\(numbers)")
    }

    /// The case's number and the shape in a name as `ids-2-8x33.i64`.
    private static func place(_ name: String) throws -> (number: String, shape: [Int]) {
        let words = name.split(separator: ".")[0].split(separator: "-")
        try #require(words.count == 3)
        let shape = words[2].split(separator: "x").compactMap { Int($0) }
        try #require(shape.count == 2)
        return (String(words[1]), shape)
    }
}
