import Martlet

/// A command to the shell itself: a line that begins with a dot.
package enum DotCommand: Equatable {
    case help(String?)
    case exit
    case mode(OutputFormat?)
    case timer(Bool)
    case read(String)
    case output(String?)
    case width(Int?)
    case pager(Bool)
    case explain(Explained)
    /// A statement in its place: `.models` is `show models`.
    case statement(String)

    package enum Explained: Equatable {
        /// Plans in place of rows from now on, or rows again.
        case always(Prepared.Explaining?)
        case query(String)
    }

    /// nil if the line is none. Throws what is wrong with it.
    package init?(_ line: String) throws(CommandError) {
        let trimmed = Self.trimmed(line)
        guard trimmed.hasPrefix("."), let first = trimmed.dropFirst().first, !first.isNumber else { return nil }
        let name = String(trimmed.prefix { $0 != " " && $0 != "\t" })
        let rest = Self.trimmed(String(trimmed.dropFirst(name.count)))
        guard let entry = DotCommandTable.entry(name.lowercased()) else {
            throw CommandError(
                message: "unknown command `\(name)`",
                help: Session.suggestion(for: name, among: DotCommandTable.names).map { "did you mean `\($0)`?" }
                    ?? "commands are \(DotCommandTable.names.joined(separator: ", "))")
        }
        self = try entry.parse(rest.isEmpty ? nil : rest)
    }

    /// Without white space around it, and without a `;` that habit has put there.
    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace || last == ";" { text.removeLast() }
        return String(text)
    }
}
