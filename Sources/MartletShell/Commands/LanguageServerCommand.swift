import ArgumentParser
import Martlet
import MartletLanguageServer

/// `martlet lsp`
struct LanguageServerCommand: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "lsp",
        abstract: "Serve editors: the Language Server Protocol on standard input and output.",
        usage: "martlet lsp",
        discussion: """
            Tells what is wrong while one types, completes, explains words, finds and renames names, and formats. Editors start it; \
            docs/editors.md says how. Files in scripts are taken from the folder that the editor has open.

            EXAMPLE:
              martlet lsp
            """)

    @Flag(help: .hidden)
    var stdio = false

    func execute() throws(CommandError) -> ExitStatus {
        let server = LanguageServer(input: 0, output: 1) { Completion.path($0, start: $1) }
        return server.run() ? .success : .failure
    }
}
