import MartletSupport
import MartletTensor

extension GraphError: Explainable {
    package var explanation: Explanation {
        switch self {
        case .invalidInput(let op, let node, let shapes, let reason):
            let list = shapes.map { $0.map { "\($0)" } ?? "none" }.joined(separator: ", ")
            return Explanation(
                code: "E0530", message: "\(op) cannot run: \(reason)",
                notes: ["at node `\(node)`", "input shapes: \(list)"])
        case .wrongInput(let name, let expected, let dtype, let shape):
            return Explanation(
                code: "E0531",
                message: "input `\(name)` wants \(expected), got \(dtype.name)\(shape)")
        case .missingInput(let name):
            return Explanation(code: "E0532", message: "input `\(name)` was not given")
        case .tooManyIterations(let node, let limit):
            return Explanation(
                code: "E0533", message: "the loop `\(node)` did not end after \(limit) rounds",
                help: "`set max_iterations = …` allows more")
        case .tooMuchWork(let op, let node, let limit):
            return Explanation(
                code: "E0534", message: "\(op) cannot run: the run would take more than \(limit) operations",
                notes: ["at node `\(node)`"])
        case .tensor(let op, let node, let error):
            let inner = error.explanation
            return Explanation(
                code: inner.code, message: "\(op) cannot run: \(inner.message)", notes: ["at node `\(node)`"],
                help: inner.help)
        case .cancelled:
            return Explanation(code: "E0502", message: "the query was stopped")
        }
    }
}
