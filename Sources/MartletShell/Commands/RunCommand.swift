import ArgumentParser
import Martlet

/// `martlet run FILE [--name value …]`
struct RunCommand: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a script.",
        usage: "martlet run FILE [--name value …] [--watch] [options]",
        discussion: """
            FILE is a script, or - for standard input. Every other --name gives the script's parameter $name its value; \
            behind --, names of options are names of parameters too. The first error ends the script with exit code 1.

            EXAMPLE:
              martlet run triage.mlet --sure 0.9 --format jsonl > labelled.jsonl
            """)

    @Flag(help: "Run it again whenever it, or a file that it loads, has changed.")
    var watch = false

    @OptionGroup var output: OutputOptions

    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp("The script, and values of its parameters.", valueName: "file"))
    var rest: [String] = []

    func execute() throws(CommandError) -> ExitStatus {
        let arguments = try ScriptArguments(rest)
        guard let path = arguments.files.first else {
            throw CommandError(
                message: "`martlet run` needs a script", help: "martlet run FILE, or - for standard input")
        }
        if arguments.files.count > 1 {
            throw CommandError(
                message: "`martlet run` takes one script, but there is also `\(arguments.files[1])`",
                help: "give parameters as `--name value`")
        }
        if watch {
            guard path != "-" else {
                throw CommandError(message: "standard input cannot be watched", help: "put the script into a file")
            }
            Interrupts.shared.install(interactive: false)
            return WatchedScript(path: path, parameters: arguments.parameters, makeRunner: output.runner).run()
        }
        let script = try ScriptFile(path)
        Interrupts.shared.install(interactive: false)
        return output.runner().run(script.text, name: script.name, parameters: arguments.parameters)
    }
}
