extension PostProcessor {
    /// `<s> A </s>`, `<s> A </s></s> B </s>`; every type is 0.
    static func roberta(_ part: PartReader) throws(TokenizerError) -> PostProcessor {
        let (start, end) = (try namedID(part, "cls"), try namedID(part, "sep"))
        let single = [Part.special([start], type: 0), .first(type: 0), .special([end], type: 0)]
        return PostProcessor(
            single: single,
            pair: single + [.special([end], type: 0), .second(type: 0), .special([end], type: 0)])
    }
}
