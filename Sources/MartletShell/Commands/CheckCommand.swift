import ArgumentParser
import Martlet

/// `martlet check FILE…`
struct CheckCommand: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Tell what is wrong with scripts, without running them.",
        usage: "martlet check FILE… [--json]",
        discussion: """
            Reads the schemas of data and models that the scripts name. Ends with exit code 1 if there are errors.

            EXAMPLE:
              martlet check *.mlet
            """)

    @Flag(help: "One JSON object per problem and line, on standard output.")
    var json = false

    @OptionGroup var color: ColorOptions

    @Argument(help: ArgumentHelp("Scripts; - is standard input.", valueName: "file"))
    var files: [String]

    func execute() throws(CommandError) -> ExitStatus {
        let terminal = color.terminal
        var hasErrors = false
        for path in files {
            let script = try ScriptFile(path)
            for problem in Session().check(script.text, name: script.name) {
                hasErrors = hasErrors || problem.isError
                if json {
                    writeBestEffort(problem.json + "\n", to: 1)
                } else {
                    writeBestEffort(terminal.colorsErrors ? problem.colored : problem.rendered, to: 2)
                }
            }
        }
        return hasErrors ? .failure : .success
    }
}
