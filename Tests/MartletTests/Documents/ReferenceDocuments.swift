import Martlet
import MartletData
import MartletModels
import MartletPlanner
import MartletTestSupport

/// `docs/reference/`, as the tables of the language tell it now.
enum ReferenceDocuments {
    struct Document: Sendable {
        var name: String
        var text: String
        var path: String { "docs/reference/\(name).md" }
    }

    static let all: [Document] = [
        Document(name: "stages", text: stages), Document(name: "functions", text: functions),
        Document(name: "options", text: options), Document(name: "settings", text: settings),
        Document(name: "codes", text: codes),
    ]

    private static let origin = "<!-- Made from the tables of the language by `make reference-docs`. -->\n\n"

    private static let stages =
        "# Stages\n\n" + origin
        + "A query is a source and stages, parted by `|>`. `show stages` lists them in the shell.\n\n"
        + table(
            ["Stage", "Form", "What it does"], StageTable.all.entries.map { [code($0.name), code($0.form), $0.doc] })
        + "\nThese may stand in the arms of `route` and `split`, where each row goes its way without looking at others: "
        + StageTable.all.entries.filter(\.isRowWise).map { code($0.name) }.joined(separator: ", ") + ".\n"

    private static let functions: String = {
        var text = "# Functions\n\n" + origin
        text +=
            "`show functions` lists them in the shell, `describe name` tells one. Names have no case.\n\n## Of one row\n\n"
        text += table(
            ["Function", "Takes and gives", "What it gives", "Example"],
            FunctionTable.all.entries.map { function in
                [
                    code(function.name), code(function.signature), function.doc,
                    code("\(function.example.expression) = \(function.example.result)"),
                ]
            })
        text +=
            "\n`coalesce`, `??` and `token_count(model, text)` are part of the grammar of expressions.\n\n## Of groups\n\n"
        text += "They stand in `aggregate`.\n\n"
        return text
            + table(
                ["Aggregate", "Takes and gives", "What it gives", "Example"],
                AggregateTable.all.entries.map { aggregate in
                    [
                        code(aggregate.name), code(aggregate.signature), aggregate.doc,
                        code("\(aggregate.example.expression) = \(aggregate.example.result)"),
                    ]
                })
    }()

    private static let options: String = {
        var text = "# Options\n\n" + origin
        text += "They stand in `with (name = value, …)`.\n\n## Of models\n\n`model name = load 'path' with (…)`\n\n"
        text += table(
            ["Option", "Takes"], ModelOptions.table.entries.map { [code($0.name), $0.wanted] })
        for format in DataFormats.table.entries {
            text += "\n## Of \(format.name)\n\n\(format.summary)\n\n"
            for (words, options) in [
                ("When it is read:", format.readOptions), ("When it is written:", format.writeOptions),
            ]
            where !options.isEmpty {
                text += words + "\n\n"
                text +=
                    table(
                        ["Option", "What it takes and does"],
                        options.map { [([$0.name] + $0.aliases).map(code).joined(separator: ", "), $0.summary] }) + "\n"
            }
        }
        return text
    }()

    private static let settings =
        "# Settings\n\n" + origin
        + "`set name = value` holds for the rest of the session; `show settings` tells them all.\n\n"
        + table(
            ["Setting", "What it is", "Takes"], SettingTable.all.entries.map { [code($0.name), $0.doc, $0.wants] })

    private static let codes: String = {
        var text = "# Diagnostic codes\n\n" + origin
        text +=
            "`martlet explain E0301` prints a page. E00 is about text and grammar, E01 names, E02 types and models, E03 stages, "
        text += "E04 settings and plans, E05 running, E06 and E07 files.\n"
        for page in CodePages.all {
            text += "\n## \(page.code): \(page.title)\n\n\(page.meaning) What to do: \(page.remedy)\n"
            if let example = page.example, let record = gallery.first(where: { $0.script == example }) {
                text += "\n```\n\(example)\n```\n```\n\(record.expected)\n```\n"
            }
        }
        return text
    }()

    private static let gallery = ProjectFiles.find("Tests/Scripts/gallery", suffix: ".test").flatMap {
        (try? ScriptFile(path: $0, text: ProjectFiles.read($0) ?? ""))?.records ?? []
    }

    private static func code(_ text: String) -> String {
        text.contains("`") ? "`` \(text) ``" : "`\(text)`"
    }

    private static func table(_ head: [String], _ rows: [[String]]) -> String {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
        return line(head) + line(head.map { _ in "---" })
            + rows.map { row in
                line(row.map { $0.replacing("|", with: "\\|").replacing("\n", with: " ") })
            }.joined()
    }
}
