import ArgumentParser
import Martlet

/// `martlet fmt FILE…`
struct FormatCommand: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt",
        abstract: "Put scripts into their usual layout.",
        usage: "martlet fmt FILE… [--check | --stdout]",
        discussion: """
            Rewrites the files in place and names those that changed. Without files, or for -, formats standard input to standard \
            output. Comments stay; a script that cannot be parsed is left as it is.

            EXAMPLE:
              martlet fmt --check *.mlet
            """)

    @Flag(help: "Change nothing; name the files that would change, and end with exit code 1 if there are any.")
    var check = false

    @Flag(help: "Write to standard output instead of the files.")
    var stdout = false

    @OptionGroup var color: ColorOptions

    @Argument(help: ArgumentHelp("Scripts; - is standard input.", valueName: "file"))
    var files: [String] = []

    func execute() throws(CommandError) -> ExitStatus {
        var status = ExitStatus.success
        for path in files.isEmpty ? ["-"] : files where try !format(path) { status = .failure }
        return status
    }

    /// False if the script is wrong, or with `--check` if it would change.
    private func format(_ path: String) throws(CommandError) -> Bool {
        let script = try ScriptFile(path)
        do throws(MartletError) {
            let text = try Session.format(script.text, name: script.name)
            if check {
                if text != script.text { writeBestEffort("\(script.name)\n", to: 1) }
                return text == script.text
            }
            if stdout || path == "-" {
                try TextWriter().write(text)
            } else if text != script.text {
                try TextWriter.replace(path, with: text)
                writeBestEffort("\(path)\n", to: 1)
            }
            return true
        } catch {
            let runner = ScriptRunner(session: Session(), terminal: color.terminal)
            return runner.report(error) == .success
        }
    }
}
