import Martlet

/// What is wrong with how the command was called, or with a file that it was given.
package struct CommandError: Error, Equatable {
    package var message: String
    package var help: String?
    var status = ExitStatus.usage

    /// As diagnostics look: `error: …` and `= help: …`.
    func text(colored: Bool) -> String {
        var text = Style.red("error", if: colored) + Style.bold(": \(message)", if: colored) + "\n"
        if let help { text += "  = " + Style.bold("help:", if: colored) + " \(help)\n" }
        return text
    }

    package static func unknownParameter(_ name: String, known: [String]) -> CommandError {
        let help: String
        if let close = Session.suggestion(for: name, among: known) {
            help = "did you mean `--\(close)`?"
        } else if let option = Session.suggestion(for: name, among: ScriptArguments.optionNames) {
            help = "did you mean the option `--\(option)`?"
        } else if known.isEmpty {
            help = "declare it in the script: `param \(name) string;`"
        } else {
            help = "the script has \(known.map { "`--\($0)`" }.joined(separator: ", "))"
        }
        return CommandError(message: "the script has no parameter `\(name)`", help: help)
    }

    static func tableParameter(_ name: String) -> CommandError {
        CommandError(
            message: "parameter `\(name)` is a table; the command line gives single values only",
            help: "load the rows in the script: `let \(name) = load '…'`")
    }

    static func unreadable(_ path: String, reason: String, help: String? = nil) -> CommandError {
        CommandError(message: "cannot read `\(path)`: \(reason)", help: help, status: .failure)
    }
}
