import Martlet
import MartletData
import MartletGraph
import MartletModels
import MartletPlanner
import MartletTestSupport
import Testing

/// What every entry of every table owes: a line of documentation, an example, a test of its name.
@Suite
struct TableTests {
    /// Whether a text is one line for a reader: begins small, ends without a full stop.
    private func isDocLine(_ text: String) -> Bool {
        !text.isEmpty && !text.contains("\n") && text.count <= 160 && !text.hasSuffix(".")
    }

    private func rows(_ subject: String) throws -> Rows { try Session().run("show \(subject)").rows }

    private var tests: Set<String> { Set(ProjectFiles.find("Tests/Scripts", suffix: ".test")) }

    @Test func everyStageHasADocLineAndATest() throws {
        let rows = try rows("stages")
        #expect(rows.count == StageTable.all.entries.count)
        for row in rows {
            let name = try #require(row["name"].string)
            #expect(isDocLine(row["about"].string ?? ""), "\(name)")
            #expect(row["form"].string?.hasPrefix(name) == true, "\(name)")
            let file = "Tests/Scripts/stages/\(name.replacing(" ", with: "_")).test"
            #expect(tests.contains(file), "\(file) is missing")
            #expect(ProjectFiles.read(file)?.contains("|> \(name) ") == true, "\(file) does not use the stage")
        }
    }

    @Test func everyRuleOfPlansAndRunningHasADocLineAPlaceInTheDocumentsAndACounterTest() throws {
        let rows = try rows("rules")
        #expect(rows.compactMap { $0["name"].string } == PlanRules.names + ExecutionRule.names)
        for row in rows {
            let name = try #require(row["name"].string)
            #expect(isDocLine(row["about"].string ?? ""), "\(name)")
            let test = ProjectFiles.read("Tests/Scripts/rules/\(name).test") ?? ""
            #expect(test.contains("\ncounter \(name) "), "rules/\(name).test has no counter")
            let page = ProjectFiles.read("docs/planner.md") ?? ""
            #expect(page.contains("| `\(name)` |"), "docs/planner.md lacks \(name)")
        }
        for (row, rule) in zip(rows, PlanRules.table) {
            let type = "\(Swift.type(of: rule))"
            #expect(snakeCase(type) == row["name"].string)
            #expect(ProjectFiles.read("Sources/MartletPlanner/Rules/\(type).swift")?.contains("struct \(type)") == true)
        }
    }

    @Test func everyGraphRuleIsListedUnderTheNameOfItsFile() {
        let listed = (graphRules + finishingRules).map { "\(Swift.type(of: $0))" }
        for rule in graphRules + finishingRules { #expect(snakeCase("\(type(of: rule))") == type(of: rule).name) }
        for path in ProjectFiles.find("Sources/MartletGraph/Rules", suffix: ".swift") {
            guard let text = ProjectFiles.read(path), text.contains(": GraphRule {") else { continue }
            let name = path.split(separator: "/").last?.dropLast(6) ?? ""
            #expect(listed.contains(String(name)), "\(path) is in no table")
            #expect(text.contains("///"), "\(path) has no documentation")
        }
    }

    @Test func everyFunctionHasADocLineAndAnExample() throws {
        let rows = try rows("functions")
        #expect(rows.count == FunctionTable.all.entries.count + AggregateTable.all.entries.count)
        for row in rows {
            let name = try #require(row["name"].string)
            #expect(isDocLine(row["about"].string ?? ""), "\(name)")
            #expect(row["signature"].string?.isEmpty == false && row["example"].string?.isEmpty == false, "\(name)")
        }
    }

    @Test func everySettingSaysWhatItTakesAndRefusesTheRest() throws {
        for row in try rows("settings") {
            let name = try #require(row["name"].string)
            #expect(isDocLine(row["about"].string ?? ""), "\(name)")
            let problems = Session().check("set \(name) = '?!'")
            // Whether a rule or a folder is there shows later.
            if name != "disable", name != "temp_directory" {
                #expect(problems.count == 1 && problems[0].message.hasPrefix("`\(name)` takes"), "\(name)")
            }
        }
    }

    @Test func everyDataFormatHasADocLineAndATest() {
        for format in DataFormats.table.entries {
            #expect(isDocLine(format.summary), "\(format.name)")
            #expect(!format.extensions.isEmpty && !format.example.isEmpty)
            for option in format.readOptions + format.writeOptions {
                #expect(isDocLine(option.summary), "\(format.name): \(option.name)")
            }
            let file = "Tests/Scripts/sources/\(format.name).test"
            #expect(tests.contains(file), "\(file) is missing")
        }
    }

    /// Codes are for tools: one has one meaning, so it stands in one file.
    @Test func noCodeIsUsedByTwoKindsOfErrors() throws {
        var owners: [Substring: String] = [:]
        for path in ProjectFiles.find("Sources", suffix: ".swift") where !path.contains("/MartletError") {
            let text = try #require(ProjectFiles.read(path))
            for match in text.matches(of: /code: "(E\d{4})"/) {
                let code = match.1
                if let owner = owners[code], owner != path, code != "E0500", code != "E0605" {
                    Issue.record("\(code) is used by \(owner) and \(path)")
                }
                owners[code] = path
            }
        }
        #expect(owners.count > 50)
    }

    private func snakeCase(_ name: String) -> String {
        var result = ""
        var previous: Character = "_"
        for letter in name {
            if letter.isUppercase, previous.isLowercase { result += "_" }
            result += letter.lowercased()
            previous = letter
        }
        return result
    }
}
