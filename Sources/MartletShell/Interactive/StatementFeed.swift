import Martlet

/// Makes statements of lines as they come.
///
/// What was taken before stands as empty lines before a statement, so that messages name the right line.
struct StatementFeed {
    enum Entry: Equatable {
        case command(String)
        case statement(String)
    }

    private var pending = ""
    private var lines = 0
    private var finished = 0
    /// Whether an empty line ends a statement that could be run, as it does for people.
    let endsAtEmptyLine: Bool

    init(endsAtEmptyLine: Bool = false) { self.endsAtEmptyLine = endsAtEmptyLine }

    /// Whether a statement has begun.
    var isPending: Bool { !pending.isEmpty }

    mutating func take(_ line: String) -> Entry? {
        lines += 1
        if pending.isEmpty, Self.isCommand(line) {
            finished = lines
            return .command(line)
        }
        if pending.isEmpty, Session.isBlank(line), !line.contains("--") {
            finished = lines
            return nil
        }
        pending += pending.isEmpty ? line : "\n" + line
        return (endsAtEmptyLine ? Self.isFinished(pending) : Session.isComplete(pending)) ? flush() : nil
    }

    /// What is left when there are no more lines.
    mutating func flush() -> Entry? {
        defer { drop() }
        return Session.isBlank(pending) ? nil : .statement(String(repeating: "\n", count: finished) + pending)
    }

    /// Forgets the statement that has begun.
    mutating func drop() {
        pending = ""
        finished = lines
    }

    /// Whether Return runs a text: a command, a statement with its `;`, or one that could be run and an empty line.
    static func isFinished(_ text: String) -> Bool {
        if isCommand(text) || Session.isComplete(text) { return true }
        let endsInEmptyLine = text.lastIndex(where: \.isNewline).map { text[$0...].allSatisfy(\.isWhitespace) } ?? false
        // A comment may be the first line of a statement.
        if Session.isBlank(text) { return endsInEmptyLine || !text.contains("--") }
        return endsInEmptyLine && Session.isRunnable(text)
    }

    /// `.name`: a dot and a letter, which no statement begins with.
    static func isCommand(_ text: String) -> Bool {
        let text = text.drop { $0 == " " || $0 == "\t" }
        return text.first == "." && text.dropFirst().first?.isLetter ?? false && !text.contains(where: \.isNewline)
    }
}
