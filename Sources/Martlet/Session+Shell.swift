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
