import MartletGraph
import MartletSupport
import MartletTensor

/// The outcome of one case of the ONNX project's node tests.
package enum ConformanceResult: Hashable, Sendable, CustomStringConvertible {
    case passed
    /// An output differs; the first difference, in words.
    case differs(String)
    /// The model could not be read or run.
    case failed(String)

    package var hasPassed: Bool { self == .passed }

    package var description: String {
        switch self {
        case .passed: "passed"
        case .differs(let what): "differs: \(what)"
        case .failed(let why): "failed: \(why)"
        }
    }
}

/// Runs the case in `directory`: `model.onnx` and `test_data_set_*/input_*.pb`, `output_*.pb`.
///
/// Passes if every output of every data set has the expected dtype and shape and its values agree: floats within rtol
/// 1e-3 and atol 1e-5, NaN with NaN, everything else exactly. Never throws; errors are results.
///
/// - Parameter rules: run on the graph first; none by default.
package func runConformanceCase(_ directory: String, rules: [any GraphRule] = []) -> ConformanceResult {
    do {
        return try ConformanceCase(directory: directory, rules: rules).run()
    } catch let error as any Explainable {
        return .failed(error.explanation.message)
    } catch {
        return .failed("\(error)")
    }
}

struct ConformanceCase {
    let directory: String
    let rules: [any GraphRule]

    func run() throws -> ConformanceResult {
        let path = "\(directory)/model.onnx"
        let file = try MappedFile(path: path)
        let model = try ONNXDecoder(path: path).model(file.bytes)
        let importer = ONNXImporter(model, tensors: ONNXTensorLoader(file: file, folder: directory))
        try importer.run()
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
                if let problem = Self.difference(pair.0.aligned(), pair.1.aligned()) {
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

    static let relativeTolerance = 1e-3
    static let absoluteTolerance = 1e-5

    /// Nil if the tensors agree.
    static func difference(_ found: Tensor, _ expected: Tensor) -> String? {
        guard found.dtype == expected.dtype else {
            return "it is \(found.dtype.name), expected \(expected.dtype.name)"
        }
        guard found.shape == expected.shape else { return "its shape is \(found.shape), expected \(expected.shape)" }
        if let mine = found.sequenceElements, let theirs = expected.sequenceElements {
            for (index, pair) in zip(mine, theirs).enumerated() {
                if let problem = difference(pair.0, pair.1) { return "tensor \(index): \(problem)" }
            }
            return nil
        }
        if case .some(let mine) = found.optionalElement, case .some(let theirs) = expected.optionalElement {
            guard let mine, let theirs else {
                return mine == nil && theirs == nil ? nil : "one of the two is empty"
            }
            return difference(mine, theirs)
        }
        switch found.dtype {
        case .float64:
            return withExtendedLifetime((found, expected)) {
                firstDifference(found.elements(Double.self), expected.elements(Double.self)) { $0 }
            }
        case .float32, .float16, .bfloat16:
            let (a, b) = (found.asFloat32(), expected.asFloat32())
            return withExtendedLifetime((a, b)) {
                firstDifference(a.elements(Float.self), b.elements(Float.self)) { Double($0) }
            }
        case .string:
            return zip(found.strings, expected.strings).enumerated().first { $1.0 != $1.1 }.map {
                "element \($0.offset) is `\($0.element.0)`, expected `\($0.element.1)`"
            }
        default:
            let a = UnsafeRawBufferPointer(start: found.pointer, count: found.byteCount)
            let b = UnsafeRawBufferPointer(start: expected.pointer, count: expected.byteCount)
            return zip(a, b).enumerated().first { $1.0 != $1.1 }.map {
                "element \($0.offset / found.dtype.size) differs"
            }
        }
    }

    private static func firstDifference<T>(
        _ found: UnsafeBufferPointer<T>, _ expected: UnsafeBufferPointer<T>, _ double: (T) -> Double
    ) -> String? {
        for (index, pair) in zip(found, expected).enumerated() {
            let (a, b) = (double(pair.0), double(pair.1))
            if a == b || a.isNaN && b.isNaN { continue }
            if (a - b).magnitude <= absoluteTolerance + relativeTolerance * b.magnitude { continue }
            return "element \(index) is \(a), expected \(b)"
        }
        return nil
    }
}
