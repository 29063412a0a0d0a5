import Martlet

/// A command to the shell itself: a line that begins with a dot.
package enum DotCommand: Equatable {
    case help
    case exit
    case mode(OutputFormat?)
    case timer(Bool)
    case read(String)

    static let names = [".exit", ".help", ".mode", ".quit", ".read", ".timer"]

    /// nil if the line is none. Throws what is wrong with it.
    package init?(_ line: String) throws(CommandError) {
        let words = line.split { $0 == " " || $0 == "\t" }.map { Self.trimmed(String($0)) }
        guard let name = words.first, name.hasPrefix("."), name.count > 1 else { return nil }
        let argument = words.count > 1 ? words[1...].joined(separator: " ") : nil
        switch name.lowercased() {
        case ".help": self = .help
        case ".exit", ".quit": self = .exit
        case ".mode":
            guard let argument else { throw Self.needs(".mode", "one of \(Self.modes.joined(separator: ", "))") }
            guard argument != "auto" else {
                self = .mode(nil)
                return
            }
            guard let format = OutputFormat(rawValue: argument.lowercased()) else {
                throw CommandError(
                    message: "unknown mode `\(argument)`",
                    help: Session.suggestion(for: argument, among: Self.modes).map { "did you mean `.mode \($0)`?" }
                        ?? "modes are \(Self.modes.joined(separator: ", "))")
            }
            self = .mode(format)
        case ".timer":
            switch argument?.lowercased() {
            case "on": self = .timer(true)
            case "off": self = .timer(false)
            default: throw Self.needs(".timer", "on or off")
            }
        case ".read":
            guard let argument else { throw Self.needs(".read", "a script") }
            self = .read(Self.unquoted(argument))
        default:
            throw CommandError(
                message: "unknown command `\(name)`",
                help: Session.suggestion(for: name, among: Self.names).map { "did you mean `\($0)`?" }
                    ?? "commands are \(Self.names.joined(separator: ", "))")
        }
    }

    static let modes = OutputFormat.names + ["auto"]

    static let helpText = """
        Statements end with ; and may go over many lines. Tab completes, Ctrl-C stops a query, Ctrl-D leaves.

          load 'reviews.csv' |> limit 5;            look at a file
          let r = load 'reviews.csv'; describe r;   its columns and types
          show stages;  show functions;             what the language has
          show models;  show lets;  show settings;  what the session has

          .mode box|csv|json|jsonl|markdown|auto    how results are printed
          .timer on|off                             tell the time that each query took
          .read FILE                                run a script
          .help                                     this text
          .exit                                     leave

        """

    private static func needs(_ name: String, _ what: String) -> CommandError {
        CommandError(message: "`\(name)` needs \(what)")
    }

    /// Without a `;` that habit has put there.
    private static func trimmed(_ word: String) -> String { word.hasSuffix(";") ? String(word.dropLast()) : word }

    private static func unquoted(_ text: String) -> String {
        text.count >= 2 && text.hasPrefix("'") && text.hasSuffix("'") ? String(text.dropFirst().dropLast()) : text
    }
}
