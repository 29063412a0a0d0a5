extension PostProcessor {
    /// Templates as lists of `{"SpecialToken": {"id", "type_id"}}` and `{"Sequence": {"id": "A", "type_id"}}`.
    static func template(_ part: PartReader) throws(TokenizerError) -> Step {
        let single = try parts(part, "single") ?? plain.single
        let pair = try parts(part, "pair") ?? plain.pair
        guard single.contains(where: \.isFirst), !single.contains(where: \.isSecond) else {
            throw part.invalid("single", "should have the sequence A, and not B")
        }
        guard pair.contains(where: \.isFirst), pair.contains(where: \.isSecond) else {
            throw part.invalid("pair", "should have the sequences A and B")
        }
        return { encodings in
            guard encodings.count <= 2, let first = encodings.first else { return nil }
            return (encodings.count == 1 ? single : pair).map { part in
                switch part {
                case .special: [part]
                case .first(let type): first.map { $0.typed(type) }
                case .second(let type): encodings[encodings.count - 1].map { $0.typed(type) }
                }
            }
        }
    }

    private static func parts(_ part: PartReader, _ key: String) throws(TokenizerError) -> [Part]? {
        guard let list = part.part(key) else { return nil }
        var parts: [Part] = []
        for item in try list.elements() {
            if let token = item.part("SpecialToken") {
                let name = try token.string("id")
                guard let entry = part.part("special_tokens")?.part(name) else {
                    throw part.invalid("special_tokens", "has no `\(name)`, which the template uses")
                }
                var ids: [Int32] = []
                for id in try entry.parts("ids") { ids.append(try id.id()) }
                parts.append(.special(ids, type: try type(token)))
            } else if let sequence = item.part("Sequence") {
                switch try sequence.string("id") {
                case "A": parts.append(.first(type: try type(sequence)))
                case "B": parts.append(.second(type: try type(sequence)))
                default: throw sequence.invalid("id", "should be A or B")
                }
            } else {
                throw item.invalid(nil, "should be a SpecialToken or a Sequence")
            }
        }
        return parts
    }

    private static func type(_ part: PartReader) throws(TokenizerError) -> Int32 {
        Int32(try part.optionalCount("type_id") ?? 0)
    }
}

extension PostProcessor.Part {
    fileprivate var isFirst: Bool {
        if case .first = self { true } else { false }
    }

    fileprivate var isSecond: Bool {
        if case .second = self { true } else { false }
    }
}
