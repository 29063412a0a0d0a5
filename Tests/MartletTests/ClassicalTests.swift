import Martlet
import MartletTestSupport
import Testing

/// Classical pipelines over rows that they were not trained on, against the answers of the libraries that trained them
/// (`scripts/reference/classical.py`). Skipped where there are none.
@Suite(.enabled(if: !ClassicalPipelines.names.isEmpty))
struct ClassicalTests {
    @Test func thereAreEnough() { #expect(Set(ClassicalPipelines.names).count >= 60) }

    /// Labels equal on every row, scores within 1e-5 (in proportion where they are large).
    @Test(arguments: ClassicalPipelines.names) func answersAreTheLibrarys(_ name: String) throws {
        let folder = "\(ClassicalPipelines.folder)/\(name)"
        let rows = try Session().run("load '\(folder)/rows.csv'").columns
        // A missing number is null in a table, and makes its row's answer null; models that know of holes take NaN.
        let holes = rows.filter { $0.type == "float" }
            .map { "coalesce(\($0.name), 'nan'::float) as \($0.name)" }.joined(separator: ", ")
        let given = try Session(threads: 2).run(
            """
            model m = load '\(folder)/model.onnx'; load '\(folder)/rows.csv'
            \(holes.isEmpty ? "" : "|> extend " + holes) |> infer m(*)
            """)
        let wanted = try Session().run("load '\(folder)/expected.csv'")
        try #require(given.rowCount == wanted.rowCount && given.rowCount > 100)
        let outputs = given.columns.map(\.name).filter { name in !rows.contains { $0.name == name } }
        if let labels = wanted.values("label") {
            let column = try #require(outputs.first)
            let ours = try #require(given.values(column)).map(\.text)
            let wrong = zip(ours, labels).enumerated().filter { $0.element.0 != $0.element.1.text }
            #expect(wrong.isEmpty, "row \(wrong.first?.offset ?? 0) of \(wrong.count): \(wrong.first?.element as Any)")
        }
        let scores = try #require(outputs.last.flatMap(given.values))
        let names = wanted.columns.map(\.name).filter { $0 != "label" }
        let theirs = try names.map { try #require(wanted.values($0)) }
        var worst = 0.0
        for (row, score) in scores.enumerated() {
            let ours = score.numbers
            try #require(ours.count == names.count, "\(score)")
            for (mine, column) in zip(ours, theirs) {
                let right = try #require(column[row].float)
                let difference = abs(mine - right) / max(1, abs(right))
                worst = difference.isNaN ? .infinity : max(worst, difference)
            }
        }
        #expect(worst <= 1e-5)
    }
}

extension Value {
    /// A label as text, whether its type is a number, a vector of one, or a string.
    fileprivate var text: String {
        if let floats, floats.count == 1 { return "\(Int(floats[0]))" }
        return string ?? int.map(String.init) ?? "\(self)"
    }

    fileprivate var numbers: [Double] { floats.map { $0.map(Double.init) } ?? float.map { [$0] } ?? [] }
}

private enum ClassicalPipelines {
    static let folder = (ProjectFiles.data ?? "") + "/reference/classical"

    /// Pipelines that there are, of those the script knows.
    static let names: [String] = {
        guard let script = ProjectFiles.read("scripts/reference/lib/classical_pipelines.py") else { return [] }
        let calls = ["classifier(", "regressor(", "transformer(", "table(", "words(", "Pipeline("]
        let quoted = script.split(separator: "\n").compactMap { line -> String? in
            let line = line.drop { $0 == " " }
            guard calls.contains(where: line.hasPrefix) || line.hasPrefix("\"") else { return nil }
            let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
            return parts.count > 2 ? String(parts[1]) : nil
        }
        return quoted.filter { ProjectFiles.bytes("\(folder)/\($0)/model.onnx") != nil }
    }()
}
