import Martlet

/// What `.help` says.
package enum HelpText {
    package static var all: String {
        var text = """
            A statement ends with ; or an empty line, and may go over many lines.

              load 'reviews.csv' |> limit 5;            look at a file
              let r = load 'reviews.csv'; describe r;   its columns and types
              from _ |> order by id;                    go on with the last result
              show stages;  show functions;             what the language has
              show settings;  show params;              what the session has

              Tab       completes, or lists what may stand here
              Ctrl-R    searches what was typed before
              Ctrl-C    stops the query that runs; else clears the line

            """
        text += "\n"
        for entry in DotCommandTable.entries { text += "  " + line(entry, width: 26) + "\n" }
        return text
    }

    /// One command's line. Throws when there is none of the name.
    static func about(_ name: String) throws(CommandError) -> String {
        let name = (name.hasPrefix(".") ? name : "." + name).lowercased()
        guard let entry = DotCommandTable.entry(name) else {
            throw CommandError(
                message: "there is no command `\(name)`",
                help: Session.suggestion(for: name, among: DotCommandTable.names).map { "did you mean `\($0)`?" }
                    ?? "`show functions` and `show stages` tell of the language")
        }
        return line(entry, width: 0) + "\n"
    }

    private static func line(_ entry: DotCommandEntry, width: Int) -> String {
        let form = ([entry.name] + entry.aliases).joined(separator: ", ") + (entry.form.isEmpty ? "" : " ") + entry.form
        return DisplayWidth.pad(form, to: width) + (width > 0 ? "" : "  ") + entry.about
    }
}
