import ArgumentParser

/// `martlet`
struct RootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "Load data and models, infer, route and write: one short script, one optimized graph.",
        usage: """
            martlet                                  open the shell
            martlet run FILE [--name value …]        run a script
            martlet -c TEXT [--name value …]         run a text
            """,
        discussion: """
            Results go to standard output: a table on a terminal, CSV elsewhere.

            EXAMPLES:
              martlet -c "load 'reviews.csv' |> limit 5"
              martlet run triage.mlet --sure 0.9 > labelled.csv
              martlet -c "load 'a.jsonl' |> aggregate count() as n group by tier" --format markdown
              martlet model describe models/tone
            """,
        version: "martlet \(martletVersion)",
        subcommands: [
            OpenCommand.self, RunCommand.self, CheckCommand.self, FormatCommand.self, ExplainCommand.self,
            ModelCommand.self, LanguageServerCommand.self,
        ],
        defaultSubcommand: OpenCommand.self)

    /// Names of the commands, for suggestions.
    static let names = ["run", "check", "fmt", "explain", "model", "lsp", "help"]
}
