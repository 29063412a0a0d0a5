extension PostProcessor {
    /// `[CLS] A [SEP]`, `[CLS] A [SEP] B [SEP]`; the second text and its separator have type 1.
    static func bert(_ part: PartReader) throws(TokenizerError) -> Step {
        let (start, end) = (try namedID(part, "cls"), try namedID(part, "sep"))
        return { encodings in
            encodings.enumerated().map { index, parts in
                index == 0
                    ? [.special([start], type: 0)] + parts + [.special([end], type: 0)]
                    : parts + [.special([end], type: 1)]
            }
        }
    }

    /// The id of a member such as `"sep": ["[SEP]", 102]`.
    static func namedID(_ part: PartReader, _ key: String) throws(TokenizerError) -> Int32 {
        let elements = try part.parts(key)
        guard elements.count == 2 else { throw part.invalid(key, "should be [token, id]") }
        return try elements[1].id()
    }
}
