import MartletGraph
import MartletModels
import MartletSupport

/// The result of one test case in the ONNX project's layout: a folder with `model.onnx` and `test_data_set_…` folders.
package struct ModelVerification: Sendable {
    package static let relativeTolerance = TensorDifference().relativeTolerance
    package static let absoluteTolerance = TensorDifference().absoluteTolerance

    private let folder: String
    private let result: ConformanceResult

    package init(
        folder: String, relativeTolerance: Double = relativeTolerance, absoluteTolerance: Double = absoluteTolerance
    ) {
        self.folder = folder
        var tolerance = TensorDifference()
        tolerance.relativeTolerance = relativeTolerance
        tolerance.absoluteTolerance = absoluteTolerance
        result = runConformanceCase(folder, rules: graphRules + finishingRules, tolerance: tolerance)
    }

    package var hasPassed: Bool { result.hasPassed }

    /// `passed`, or what is wrong.
    package var text: String { "\(result)" }

    /// One JSON object and a line end.
    package var json: String {
        var members: [(String, JSON)] = [("case", .string(folder)), ("result", .string(result.kind))]
        if case .unsupported(let operators) = result {
            members.append(("operators", .array(operators.map { .string($0.name) })))
        } else if !result.detail.isEmpty {
            members.append(("detail", .string(result.detail)))
        }
        var bytes: [UInt8] = []
        JSONWriter.append(.object(JSONObject(members)), to: &bytes)
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }
}
