import MartletGraph

extension ONNXOp {
    /// The tokens of strings: what an expression matches, or what is left between separators.
    static let microsoftTokenizer = ONNXOp(
        "Tokenizer", domain: "com.microsoft", inputs: 1...1,
        one: { call in
            let separators = try call.strings("separators") ?? []
            let rule: TokenizeOp.Rule
            if let pattern = try call.string("tokenexp"), !pattern.isEmpty {
                rule = .matches(pattern)
            } else if separators == [""] {
                rule = .scalars
            } else if !separators.isEmpty, !separators.contains("") {
                rule = .separated(separators)
            } else {
                throw call.wrong("it has no expression of tokens and no separators")
            }
            guard let padding = try call.string("pad_value") else { throw call.wrong("it has no pad_value") }
            let op = TokenizeOp(
                rule, shortest: try call.int("mincharnum", default: 1), padding: padding,
                marksEnds: try call.flag("mark"))
            return try call.emit(op, call.input(0))
        })
}
