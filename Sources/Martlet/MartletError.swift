import MartletSupport
import MartletSyntax

/// Why a script, a query or a model could not be run: one or several problems, each with its place and remedy.
public struct MartletError: Error, Sendable, CustomStringConvertible {
    public let problems: [Problem]

    /// One thing that is wrong.
    public struct Problem: Sendable {
        /// Stable, for tools: `E0107`.
        public var code: String
        public var message: String
        /// Where in the script; nil for problems outside it.
        public var location: Location?
        /// The file (and line) that was being read, for problems in data and models.
        public var input: String?
        public var notes: [String]
        public var help: String?
        /// False for warnings.
        public var isError: Bool
        /// The problem as the command line shows it, with the lines of the script that it is about.
        public var rendered: String { diagnostic.rendered(in: source) }
        /// The same as one JSON object.
        public var json: String { diagnostic.json(in: source) }

        package let diagnostic: Diagnostic
        let source: SourceText?
    }

    /// A place in a script, 1-based.
    public struct Location: Hashable, Sendable {
        public var line: Int
        public var column: Int
    }

    /// Whether the query was stopped by the user.
    public let isCancelled: Bool
    /// Whether the reader of the output went away (`| head`): no reason to complain.
    public let isClosedPipe: Bool

    public var description: String { problems.map(\.rendered).joined(separator: "\n") }

    package init(problems: [Problem], isCancelled: Bool = false, isClosedPipe: Bool = false) {
        self.problems = problems
        self.isCancelled = isCancelled
        self.isClosedPipe = isClosedPipe
    }
}
