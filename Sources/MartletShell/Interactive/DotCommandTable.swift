import Martlet

/// A dot-command: how it is called and what its argument is. To add one: a case of `DotCommand`, a line in the table, and what it
/// does in `InteractiveShell`.
struct DotCommandEntry {
    enum Argument: Equatable {
        case none
        /// One of these words, or nothing if it is optional.
        case word([String])
        case path
        case query
    }

    let name: String
    var aliases: [String] = []
    /// As the help shows it, behind the name.
    let form: String
    let about: String
    var argument = Argument.none
    /// From the argument, nil if there is none.
    let parse: (String?) throws(CommandError) -> DotCommand
}

enum DotCommandTable {
    static let modes = OutputFormat.names + ["auto"]

    /// All names, without aliases.
    static var names: [String] { entries.map(\.name) }

    static func entry(_ name: String) -> DotCommandEntry? {
        entries.first { $0.name == name || $0.aliases.contains(name) }
    }

    nonisolated(unsafe) static let entries: [DotCommandEntry] = [
        DotCommandEntry(
            name: ".mode", form: "FORMAT", about: "print results as \(modes.joined(separator: ", "))",
            argument: .word(modes)
        ) { argument throws(CommandError) in
            let word = try choice(argument, of: modes, for: ".mode")
            return .mode(OutputFormat(rawValue: word))
        },
        DotCommandEntry(
            name: ".output", form: "[FILE]", about: "results go to a file; without one, here again", argument: .path
        ) { argument in .output(argument.map(unquoted)) },
        DotCommandEntry(
            name: ".pager", form: "on|off", about: "show long results in $PAGER, else in less",
            argument: .word(["on", "off"])
        ) { argument throws(CommandError) in .pager(try choice(argument, of: ["on", "off"], for: ".pager") == "on") },
        DotCommandEntry(
            name: ".width", form: "[COLUMNS]", about: "the width of boxes; without a number, the window's"
        ) { argument throws(CommandError) in
            guard let argument else { return .width(nil) }
            guard let number = Int(argument), (20...10_000).contains(number) else {
                throw CommandError(
                    message: "`.width` takes a number from 20 to 10,000, not `\(argument)`",
                    help: "`.width` alone follows the window")
            }
            return .width(number)
        },
        DotCommandEntry(
            name: ".timer", form: "on|off", about: "tell the time that each query took", argument: .word(["on", "off"])
        ) { argument throws(CommandError) in .timer(try choice(argument, of: ["on", "off"], for: ".timer") == "on") },
        DotCommandEntry(
            name: ".explain", form: "on|analyze|off",
            about: "show plans in place of rows; or `.explain` a query", argument: .query
        ) { argument throws(CommandError) in
            guard let argument else { throw needs(".explain", "on, analyze, off, or a query") }
            switch argument.lowercased() {
            case "on": return .explain(.always(.plan))
            case "analyze": return .explain(.always(.profile))
            case "off": return .explain(.always(nil))
            default: return .explain(.query(argument))
            }
        },
        DotCommandEntry(name: ".models", form: "", about: "the models of the session") {
            argument throws(CommandError) in
            try nothing(argument, ".models")
            return .statement("show models")
        },
        DotCommandEntry(name: ".tables", form: "", about: "what `from` can take rows from") {
            argument throws(CommandError) in
            try nothing(argument, ".tables")
            return .statement("show lets; show tables")
        },
        DotCommandEntry(name: ".read", form: "FILE", about: "run a script", argument: .path) {
            argument throws(CommandError) in
            guard let argument else { throw needs(".read", "a script") }
            return .read(unquoted(argument))
        },
        DotCommandEntry(
            name: ".help", form: "[COMMAND]", about: "this text, or a line on a command", argument: .word([])
        ) { .help($0) },
        DotCommandEntry(name: ".exit", aliases: [".quit"], form: "", about: "leave; so does Ctrl-D") {
            argument throws(CommandError) in
            try nothing(argument, ".exit")
            return .exit
        },
    ]

    // MARK: Arguments

    private static func choice(
        _ argument: String?, of words: [String], for name: String
    ) throws(CommandError) -> String {
        let list = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        guard let argument else { throw needs(name, list) }
        guard words.contains(argument.lowercased()) else {
            throw CommandError(
                message: "`\(name)` takes \(list), not `\(argument)`",
                help: Session.suggestion(for: argument, among: words).map { "did you mean `\(name) \($0)`?" })
        }
        return argument.lowercased()
    }

    private static func nothing(_ argument: String?, _ name: String) throws(CommandError) {
        guard let argument else { return }
        throw CommandError(message: "`\(name)` takes nothing behind it, but there is `\(argument)`")
    }

    private static func needs(_ name: String, _ what: String) -> CommandError {
        CommandError(message: "`\(name)` needs \(what)")
    }

    private static func unquoted(_ text: String) -> String {
        text.count >= 2 && text.hasPrefix("'") && text.hasSuffix("'") ? String(text.dropFirst().dropLast()) : text
    }
}
