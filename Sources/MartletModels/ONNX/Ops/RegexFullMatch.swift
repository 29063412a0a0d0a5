import MartletGraph

extension ONNXOp {
    /// Whether a pattern matches all of a string.
    static let regexFullMatch = ONNXOp(
        "RegexFullMatch", inputs: 1...1,
        one: { call in
            guard let pattern = try call.string("pattern") else { throw call.wrong("attribute `pattern` is missing") }
            return try call.emit(RegexMatchOp(pattern), call.input(0))
        })
}
