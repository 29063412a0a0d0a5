import MartletGraph

extension ONNXOp {
    /// Strings without stop words, in one case. The locale plays no part: letters are Unicode's.
    static let stringNormalizer = ONNXOp(
        "StringNormalizer", inputs: 1...1,
        one: { call in
            let letterCase: StringNormalizeOp.Case = try call.choice(
                "case_change_action", default: "NONE", ["LOWER": .lower, "UPPER": .upper, "NONE": .unchanged])
            let op = try StringNormalizeOp(
                letterCase, stopWords: call.strings("stopwords") ?? [],
                isCaseSensitive: call.flag("is_case_sensitive"))
            return try call.emit(op, call.input(0))
        })
}
