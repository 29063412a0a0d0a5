import MartletSyntax
import MartletTestSupport

/// Every script that the project has: in tests, examples, benchmarks, documents and as seeds of the fuzzer.
enum Corpus {
    struct Text: Sendable {
        var name: String
        var text: String

        var parsed: ParsedScript { parse(SourceText(name: name, text)) }
    }

    static let all: [Text] = files + records + documents

    /// Scripts that the parser takes without complaint.
    static let sound: [Text] = all.filter { $0.parsed.diagnostics.isEmpty }

    /// Scripts with errors that the lexer does not see.
    static let broken: [Text] = all.filter { text in
        let parsed = text.parsed
        return parsed.diagnostics.contains { $0.severity == .error }
            && Lexer.tokens(of: parsed.source).diagnostics.isEmpty
    }

    private static let files: [Text] = ["examples", "benchmarks", "Fuzz/MartletSyntaxFuzz/Seeds"].flatMap { folder in
        ProjectFiles.find(folder, suffix: ".mlet").map { Text(name: $0, text: ProjectFiles.read($0) ?? "") }
    }

    private static let records: [Text] = ProjectFiles.find("Tests/Scripts", suffix: ".test").flatMap { path in
        let file = try? ScriptFile(path: path, text: ProjectFiles.read(path) ?? "")
        return (file?.records ?? []).flatMap { record in
            let second = record.kind == .samePlan ? [record.expected] : []
            return ([record.script] + second).flatMap { $0.split(separator: "\n===\n") }
                .map { Text(name: "\(path):\(record.line)", text: String($0)) }
        }
    }

    private static let documents: [Text] = DocumentTests.blocks.map { Text(name: $0.testDescription, text: $0.text) }
}
