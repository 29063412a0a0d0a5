import MartletGraph

extension ONNXOp {
    /// Strings without stop words, in one case. The locale plays no part: letters are Unicode's.
    static let stringNormalizer = ONNXOp(
        "StringNormalizer", inputs: 1...1,
        one: { call in
            let actions: [String: StringNormalizeOp.Case] = ["LOWER": .lower, "UPPER": .upper, "NONE": .unchanged]
            let action = try call.string("case_change_action", default: "NONE")
            guard let letterCase = actions[action] else {
                throw call.wrong("`case_change_action` is `\(action)`, none of LOWER, UPPER and NONE")
            }
            let op = try StringNormalizeOp(
                letterCase, stopWords: call.strings("stopwords") ?? [],
                isCaseSensitive: call.int("is_case_sensitive", default: 0) != 0)
            return try call.emit(op, call.input(0))
        })
}
