import Martlet
import MartletSupport
import MartletSyntax

/// What is wrong, what would mend it, and how a script is laid out.
extension LanguageServer {
    func diagnostics(_ document: Document) -> [JSON] {
        problems(in: document).map { problem in
            let diagnostic = problem.diagnostic
            var members: [(String, JSON)] = [
                ("range", document.range(diagnostic.primarySpan ?? Span(0, 0))),
                ("severity", problem.isError ? 1 : 2), ("code", .string(problem.code)), ("source", "martlet"),
                ("message", .string(Self.message(problem))),
            ]
            let others = diagnostic.labels.filter { !$0.isPrimary && $0.source == nil && !$0.text.isEmpty }
            if !others.isEmpty {
                let related = others.map { label -> JSON in
                    ["location": document.location(label.span), "message": .string(label.text)]
                }
                members.append(("relatedInformation", .array(related)))
            }
            return .object(JSONObject(members))
        }
    }

    /// The cause, what stands at its place, notes and help, a line each.
    private static func message(_ problem: MartletError.Problem) -> String {
        let diagnostic = problem.diagnostic
        let label = diagnostic.labels.first { $0.isPrimary }?.text ?? ""
        return
            ([problem.message] + [label].filter { !$0.isEmpty } + diagnostic.notes.map { "note: \($0)" }
            + diagnostic.help.map { "help: \($0)" }).joined(separator: "\n")
    }

    /// Quick fixes of the diagnostics that touch a range.
    func fixes(_ parameters: JSON) throws -> JSON {
        let document = try document(parameters)
        guard let start = document.offset(parameters["range"]?["start"]),
            let end = document.offset(parameters["range"]?["end"])
        else { throw Refusal(code: .invalidParams, message: "the request has no range") }
        let fixes = problems(in: document).compactMap { problem -> JSON? in
            let diagnostic = problem.diagnostic
            guard let fix = diagnostic.fix, let span = diagnostic.primarySpan, span.start <= end, start <= span.end
            else {
                return nil
            }
            let edits = fix.edits.map { edit -> JSON in
                ["range": document.range(edit.span), "newText": .string(edit.replacement)]
            }
            return [
                "title": .string(diagnostic.help.first ?? "fix \(problem.code)"), "kind": "quickfix",
                "edit": ["changes": .object(JSONObject([(document.uri, .array(edits))]))],
            ]
        }
        return .array(fixes)
    }

    /// One edit of the whole text; none if nothing changes or the script cannot be parsed.
    func format(_ parameters: JSON) throws -> JSON {
        let document = try document(parameters)
        guard let text = try? Session.format(document.text, name: document.uri), text != document.text else {
            return []
        }
        return [["range": document.range(Span(0, document.source.bytes.count)), "newText": .string(text)]]
    }
}
