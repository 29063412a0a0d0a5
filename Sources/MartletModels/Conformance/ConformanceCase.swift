import MartletGraph
import MartletSupport
import MartletTensor

/// Runs the case in `directory`: `model.onnx` and `test_data_set_*/input_*.pb`, `output_*.pb`.
///
/// Passes if every output of every data set has the expected dtype and shape and its values agree: floats within rtol
/// 1e-3 and atol 1e-5, NaN with NaN, everything else exactly. Never throws; errors are results.
///
/// - Parameter rules: run on the graph first; none by default.
package func runConformanceCase(
    _ directory: String, rules: [any GraphRule] = [], tolerance: TensorDifference = TensorDifference()
) -> ConformanceResult {
    do {
        return try ConformanceCase(directory: directory, rules: rules, tolerance: tolerance).run()
    } catch ONNXError.unsupportedOperators(_, let operators) {
        return .unsupported(operators)
    } catch let error as any Explainable {
        return .failed(error.explanation.message)
    } catch {
        return .failed("\(error)")
    }
}

struct ConformanceCase {
    let directory: String
    let rules: [any GraphRule]
    let tolerance: TensorDifference

    func run() throws -> ConformanceResult {
        let path = "\(directory)/model.onnx"
        let file = try MappedFile(path: path)
        let model = try ONNXDecoder(path: path).model(file.bytes)
        let importer = ONNXImporter(model, tensors: ONNXTensorLoader(file: file, folder: directory))
        try importer.run()
        if let first = importer.unavailable.first { return .unsupported(first.operators) }
        var graph = importer.graph
        _ = try optimize(&graph, rules: rules)
        let compiled = CompiledGraph(graph)
        var set = 0
        while let data = try? ModelSource("\(directory)/test_data_set_\(set)"), data.entries != nil {
            let main = model.graph
            let inputs = try values(data, "input", (main?.inputs ?? []).map(\.containers))
            let expected = try values(data, "output", (main?.outputs ?? []).map(\.containers))
            let found = try compiled.run(inputs, RunContext())
            guard found.count == expected.count else {
                return .differs("\(found.count) outputs, expected \(expected.count)")
            }
            for (index, pair) in zip(found, expected).enumerated() {
                if let problem = tolerance.between(pair.0, pair.1) {
                    return .differs("output \(index): \(problem)")
                }
            }
            set += 1
        }
        return set > 0 ? .passed : .failed("there is no test_data_set_0")
    }

    /// - Parameter containers: what is declared to be around each value's tensor.
    private func values(
        _ data: ModelSource, _ kind: String, _ containers: [[ONNXValueInfo.Container]]
    ) throws -> [Tensor] {
        var result: [Tensor] = []
        while data.has("\(kind)_\(result.count).pb") {
            let file = try MappedFile(path: "\(data.path)/\(kind)_\(result.count).pb")
            let declared = result.count < containers.count ? containers[result.count] : []
            let loader = ONNXTensorLoader(file: file, folder: data.path)
            result.append(
                try ONNXDecoder(path: file.path).value(
                    WireReader(path: file.path, bytes: file.bytes), declared[...], loader))
        }
        return result
    }
}
