import MartletData
import MartletPlanner
import MartletSupport
import MartletSyntax

/// What an interactive shell asks of a session.
extension Session {
    /// `set format = …`; nil for the default.
    package var outputFormat: String? { environment.settings.format }

    /// `set progress = …`
    package var showsProgress: Bool { environment.settings.progress }

    /// Removes what unfinished `write`s have put beside their files, from any thread: for a process that must end now.
    package static func removeUnfinishedFiles() { AtomicFile.abortAll() }

    /// Whether `text` ends in a finished statement.
    package static func isComplete(_ text: String) -> Bool { MartletSyntax.isComplete(text) }

    /// Whether `text` has no statements: white space and comments at most.
    package static func isBlank(_ text: String) -> Bool {
        Lexer.tokens(of: SourceText(name: "", text)).tokens.allSatisfy {
            $0.kind.isTrivia && $0.kind != .unknown || $0.kind == .endOfText || $0.kind == .semicolon
        }
    }

    /// Whether `text` could be run as it is: statements without a mistake, the last one with or without its `;`.
    package static func isRunnable(_ text: String) -> Bool {
        let parsed = parse(SourceText(name: "", text))
        return !parsed.hasErrors && !parsed.script.statements.isEmpty
    }

    /// The statements of `text`, each at its own place: what stands before it is white space.
    package static func statements(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        let newline = UInt8(ascii: "\n")
        var result: [String] = []
        var start = 0
        func add(upTo end: Int) {
            let statement = String(decoding: bytes[start..<end], as: UTF8.self)
            guard !isBlank(statement) else { return }
            let before = bytes[..<start].map { $0 == newline ? newline : UInt8(ascii: " ") }
            result.append(String(decoding: before, as: UTF8.self) + statement)
        }
        for token in Lexer.tokens(of: SourceText(name: "", text)).tokens where token.kind == .semicolon {
            add(upTo: token.span.end)
            start = token.span.end
        }
        add(upTo: bytes.count)
        return result
    }

    /// The one of `candidates` that was probably meant by `name`; nil if none is close.
    package static func suggestion(for name: String, among candidates: [String]) -> String? {
        closestName(to: name, among: candidates)
    }
}

extension Prepared {
    /// A `param` of the script.
    package struct Parameter: Hashable, Sendable {
        package var name: String
        /// As the language writes it.
        package var type: String
        package var isTable: Bool
    }

    /// The parameters that the script and the session declare, in order.
    package var parameters: [Parameter] {
        let environment = session.environment
        return environment.parameters.map { Parameter(name: $0.name, type: $0.type.text, isTable: false) }
            + environment.tableParameters.map { Parameter(name: $0.name, type: $0.schema.text, isTable: true) }
    }
}
