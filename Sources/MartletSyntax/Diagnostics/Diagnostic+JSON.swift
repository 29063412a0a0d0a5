extension Diagnostic {
    /// One JSON object on one line: `code`, `severity`, `message`, `file`, `spans` (each with `primary`, `label`, `start` and
    /// `end` as 1-based line and column), `help`, `notes`, and where there are any `place`, `details`, `fix`.
    package func json(in source: SourceText?) -> String {
        var members = [
            ("code", Self.string(code.id)), ("severity", Self.string(severity.rawValue)),
            ("message", Self.string(message)),
            ("file", source.map { Self.string($0.name) } ?? "null"),
        ]
        if let place { members.append(("place", Self.string(place))) }
        members.append(("spans", Self.array(labels.compactMap { Self.span($0, source) })))
        if !details.isEmpty { members.append(("details", Self.array(details.map(Self.string)))) }
        members.append(("help", Self.array(help.map(Self.string))))
        members.append(("notes", Self.array(notes.map(Self.string))))
        if let fix, let source {
            let edits = fix.edits.map { edit in
                Self.object(Self.ends(edit.span, source) + [("replacement", Self.string(edit.replacement))])
            }
            members.append(("fix", Self.array(edits)))
        }
        return Self.object(members)
    }

    private static func span(_ label: Label, _ own: SourceText?) -> String? {
        guard let source = label.source ?? own else { return nil }
        var members = [("primary", label.isPrimary ? "true" : "false")]
        if source !== own { members.append(("file", string(source.name))) }
        members += ends(label.span, source)
        members.append(("label", string(label.text)))
        return object(members)
    }

    private static func ends(_ span: Span, _ source: SourceText) -> [(String, String)] {
        [("start", position(span.start, source)), ("end", position(span.end, source))]
    }

    private static func position(_ offset: Int, _ source: SourceText) -> String {
        let position = source.position(at: offset)
        return object([("line", String(position.line)), ("column", String(position.column))])
    }

    private static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { string($0) + ":" + $1 }.joined(separator: ",") + "}"
    }

    private static func array(_ elements: [String]) -> String { "[" + elements.joined(separator: ",") + "]" }

    private static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
