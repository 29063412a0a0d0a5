extension PostProcessor {
    /// `<s> A </s>`, `<s> A </s></s> B </s>`; every type is 0.
    static func roberta(_ part: PartReader) throws(TokenizerError) -> Step {
        let (start, end) = (try namedID(part, "cls"), try namedID(part, "sep"))
        return { encodings in
            encodings.enumerated().map { index, parts in
                [.special([index == 0 ? start : end], type: 0)] + parts.map { $0.typed(0) }
                    + [.special([end], type: 0)]
            }
        }
    }
}
