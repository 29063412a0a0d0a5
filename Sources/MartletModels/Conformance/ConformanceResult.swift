/// The outcome of one test case in the layout of the ONNX project.
package enum ConformanceResult: Hashable, Sendable, CustomStringConvertible {
    case passed
    /// An output differs: where first, and by how much.
    case differs(String)
    /// The model needs operators that are not supported.
    case unsupported([ONNXError.OperatorUse])
    /// The model could not be read or run.
    case failed(String)

    package var hasPassed: Bool { self == .passed }

    /// `passed`, `differs`, `unsupported` or `failed`.
    package var kind: String {
        switch self {
        case .passed: "passed"
        case .differs: "differs"
        case .unsupported: "unsupported"
        case .failed: "failed"
        }
    }

    /// What is wrong, in words; empty if nothing is.
    package var detail: String {
        switch self {
        case .passed: ""
        case .differs(let what): what
        case .unsupported(let operators): operators.map(\.text).joined(separator: ", ")
        case .failed(let why): why
        }
    }

    package var description: String { detail.isEmpty ? kind : "\(kind): \(detail)" }
}
