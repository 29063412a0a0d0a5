import ArgumentParser
import Martlet

/// `martlet explain FILE`, `martlet explain -c TEXT` and `martlet explain CODE`
struct ExplainCommand: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show the plan of each query of a script, and the rules that made it; or what a code means.",
        usage: """
            martlet explain (FILE | -c TEXT) [--analyze] [--name value …]
            martlet explain CODE
            """,
        discussion: """
            EXAMPLE:
              martlet explain -c "load 'reviews.csv' |> where score > 0 |> limit 3"
              martlet explain E0301
            """)

    @Option(name: [.customShort("c"), .customLong("command")], help: ArgumentHelp("A script.", valueName: "text"))
    var text: String?

    @Flag(help: "Run the queries too, and show rows, batches, tokens, FLOP and time.")
    var analyze = false

    @OptionGroup var output: OutputOptions

    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp("The script, and values of its parameters.", valueName: "file"))
    var rest: [String] = []

    func execute() throws(CommandError) -> ExitStatus {
        let arguments = try ScriptArguments(rest)
        guard arguments.files.count == (text == nil ? 1 : 0) else {
            throw CommandError(
                message: "`martlet explain` needs one script", help: "martlet explain FILE, -c TEXT, or a code: E0301")
        }
        if text == nil, CodePages.isCode(arguments.files[0]) { return try explain(code: arguments.files[0]) }
        let script: (name: String, text: String)
        if let text {
            script = ("-c", text)
        } else {
            let file = try ScriptFile(arguments.files[0])
            script = (file.name, file.text)
        }
        Interrupts.shared.install(interactive: false)
        let runner = output.runner()
        runner.explains = analyze ? .profile : .plan
        return runner.run(script.text, name: script.name, parameters: arguments.parameters)
    }
    private func explain(code: String) throws(CommandError) -> ExitStatus {
        guard let page = CodePages.page(code) else {
            let close = CodePages.codes(closeTo: code)
            throw CommandError(
                message: "there is no code `\(code)`",
                help: close.isEmpty
                    ? "docs/reference/codes.md lists them" : "did you mean \(close.joined(separator: ", "))?")
        }
        writeBestEffort(page.text, to: 1)
        return .success
    }
}
