import ArgumentParser
import Martlet

/// `martlet` and `martlet -c TEXT`: the shell, or a text in its place.
struct OpenCommand: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell",
        abstract: "Open the shell; with -c, run a text.",
        usage: "martlet [-c TEXT [--name value …]] [options]",
        shouldDisplay: false)

    @Option(name: [.customShort("c"), .customLong("command")], help: ArgumentHelp("A script.", valueName: "text"))
    var text: String?

    @Flag(name: .customLong("no-rc"), help: "Leave out ~/.martletrc, which the shell runs first.")
    var noStartup = false

    @OptionGroup var output: OutputOptions

    @Argument(parsing: .allUnrecognized, help: ArgumentHelp("Values of the script's parameters.", visibility: .hidden))
    var rest: [String] = []

    func execute() throws(CommandError) -> ExitStatus {
        let arguments = try ScriptArguments(rest)
        if let word = arguments.files.first { throw Self.unexpected(word, hasText: text != nil) }
        guard let text else {
            if let parameter = arguments.parameters.first { throw Self.withoutScript(parameter.name) }
            return InteractiveShell(output.runner(), readsStartup: !noStartup).run()
        }
        Interrupts.shared.install(interactive: false)
        return output.runner().run(text, name: "-c", parameters: arguments.parameters)
    }

    private static func unexpected(_ word: String, hasText: Bool) -> CommandError {
        if hasText {
            return CommandError(
                message: "nothing is expected behind the text, but there is `\(word)`",
                help: "quote the whole text, and give parameters as `--name value`")
        }
        if let close = Session.suggestion(for: word, among: RootCommand.names) {
            return CommandError(message: "unknown command `\(word)`", help: "did you mean `martlet \(close)`?")
        }
        let looksLikeFile = word.contains(".") || word.contains("/")
        return CommandError(
            message: "unknown command `\(word)`",
            help: looksLikeFile
                ? "to run a script: `martlet run \(word)`" : "commands are \(RootCommand.names.joined(separator: ", "))"
        )
    }

    private static func withoutScript(_ name: String) -> CommandError {
        if let close = Session.suggestion(for: name, among: ScriptArguments.optionNames) {
            return CommandError(message: "unknown option `--\(name)`", help: "did you mean `--\(close)`?")
        }
        return CommandError(
            message: "unknown option `--\(name)`", help: "parameters need a script: `martlet run FILE --\(name) value`")
    }
}
