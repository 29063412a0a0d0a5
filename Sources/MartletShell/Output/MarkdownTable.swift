import Martlet

/// Rows as a table of GitHub's Markdown, without padding, so that it can be written as rows come.
package struct MarkdownTable {
    package let columns: [Results.Column]

    package init(columns: [Results.Column]) { self.columns = columns }

    package var header: String {
        guard !columns.isEmpty else { return "" }
        let names = columns.map { " \(Self.escaped($0.name)) |" }.joined()
        let rules = columns.map { $0.type == "int" || $0.type == "float" ? " ---: |" : " --- |" }.joined()
        return "|\(names)\n|\(rules)\n"
    }

    package func lines(_ results: Results) -> String {
        guard !columns.isEmpty else { return "" }
        return results.rows.map { row in
            "|" + row.values.map { $0.isNull ? "  |" : " \(Self.escaped($0.description)) |" }.joined() + "\n"
        }.joined()
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "|": result += "\\|"
            case "\\": result += "\\\\"
            case "<": result += "&lt;"
            case _ where character.isNewline: result += "<br>"
            default: result.append(character)
            }
        }
        return result
    }
}
