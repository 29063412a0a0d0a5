import MartletSupport

extension EvaluationError: Explainable {
    package var explanation: Explanation {
        switch reason {
        case .overflow(let operation):
            Explanation(
                code: "E0510", message: "\(operation) is beyond the range of int",
                help: "compute in float (`x::float`), or let such rows be null with `try_cast`")
        case .divisionByZero(let operation):
            Explanation(
                code: "E0511", message: "division by zero: \(operation)",
                help: "make the divisor null where it is zero: `nullif(divisor, 0)`")
        case .cast(let value, let from, let to):
            Explanation(
                code: "E0512", message: "cannot cast \(value) from \(from.text) to \(to.text)",
                help: "`try_cast(… as \(to.text))` gives null for values that cannot be cast")
        case .invalidArgument(let function, let reason):
            Explanation(code: "E0513", message: "\(function): \(reason)")
        case .shape(let function, let reason):
            Explanation(code: "E0514", message: "\(function): \(reason)")
        case .tooLarge(let function, let bytes):
            Explanation(
                code: "E0515", message: "\(function) would make a value of \(bytes) bytes; at most 1 GiB is allowed")
        case .parameter(let name):
            Explanation(
                code: "E0516", message: "parameter `$\(name)` has no value",
                help: "give it one: `--\(name) …`, or a default in `param \(name) … = …`")
        case .needsModel(let name):
            Explanation(code: "E0517", message: "\(name) needs a model, and none is loaded here")
        }
    }
}
