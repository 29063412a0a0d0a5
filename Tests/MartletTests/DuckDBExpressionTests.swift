import Martlet
import MartletSupport
import MartletTestSupport
import Testing

/// Random expressions, aggregates, orders and groups over random tables against what DuckDB makes of them
/// (`scripts/differential/expressions.py`): 4,000 cases, 50,000 with MARTLET_LONG. Skipped where DuckDB's answers could not be had.
@Suite
struct DuckDBExpressionTests {
    static let isLong = ProjectFiles.environment("MARTLET_LONG") != nil

    @Test(.enabled(if: ProjectFiles.data != nil)) func generatedExpressionsGiveWhatDuckDBGives() throws {
        let path = "\(ProjectFiles.data ?? "")/reference/expressions\(Self.isLong ? "-all" : "").jsonl"
        let bytes = try #require(ProjectFiles.bytes(path), "\(path) is missing: scripts/differential/run writes it")
        let session = Session(threads: 1)
        var compared = 0
        var failing = 0
        for line in bytes.split(separator: UInt8(ascii: "\n")).dropFirst() {
            let object = try JSON.parse(Array(line))
            if let table = object["table"]?.string {
                try session.run(table)
                continue
            }
            let query = try #require(object["query"]?.string)
            let expected = try #require(object["rows"])
            compared += 1
            if hasError(expected) { failing += 1 }
            if let difference = difference(session, query, expected, each: object["each"]?.bool ?? false) {
                Issue.record("\(query)\n\(difference)")
            }
        }
        #expect(compared >= (Self.isLong ? 50_000 : 4_000))
        #expect(failing > compared / 100, "hardly an expression fails: the generator has lost its extremes")
    }

    /// The generator says of each difference what it expects instead of DuckDB's result, and the reader is told.
    @Test func everyDifferenceIsExplained() throws {
        let macros = try #require(ProjectFiles.read("scripts/differential/differences.sql"))
        let page = try #require(ProjectFiles.read("docs/sql-differences.md"))
        let names = macros.split(separator: "create macro ").dropFirst().compactMap { $0.split(separator: "(").first }
        #expect(names.count > 10)
        for name in names { #expect(page.contains("`\(name)`"), "\(name) is not in docs/sql-differences.md") }
    }

    private func hasError(_ rows: JSON) -> Bool { rows.array?.contains { $0.string != nil } ?? true }

    /// How the query's outcome differs from the expected one; nil if it does not.
    private func difference(_ session: Session, _ query: String, _ expected: JSON, each: Bool) -> String? {
        let outcome = Result { () throws(MartletError) in try session.run(query) }
        guard hasError(expected) else {
            switch outcome {
            case .success(let results): return difference(results, expected.array ?? [])
            case .failure(let error): return "fails: \(error.problems.first?.message ?? ""); expected \(expected)"
            }
        }
        if case .success(let results) = outcome {
            return "gives \(results.rows.map { $0.values }); expected \(expected)"
        }
        guard each else { return nil }
        // Rows by themselves: those that can be computed are.
        for (row, wanted) in (expected.array ?? []).enumerated() {
            let alone = query.replacing("from t |>", with: "from t |> where id = \(row) |>", maxReplacements: 1)
            let outcome = Result { () throws(MartletError) in try session.run(alone) }
            switch (outcome, wanted.string) {
            case (.failure, .some): continue
            case (.failure(let error), nil):
                return "row \(row) fails: \(error.problems.first?.message ?? ""); expected \(wanted)"
            case (.success(let results), let problem?):
                return "row \(row) gives \(results.rows.map { $0.values }); expected \(problem)"
            case (.success(let results), nil):
                if let difference = difference(results, [wanted]) { return "row \(row) \(difference)" }
            }
        }
        return nil
    }

    private func difference(_ results: Results, _ expected: [JSON]) -> String? {
        let rows = results.rows
        guard rows.count == expected.count else { return "gives \(rows.count) rows; expected \(expected)" }
        for (number, (row, wanted)) in zip(rows, expected).enumerated() {
            for (column, cell) in (wanted.array ?? []).enumerated() {
                let value = row[column]
                guard let text = cell.string else {
                    if value.isNull { continue }
                    return "gives \(value) in row \(number); expected null"
                }
                if value.isNull || !isSame(value, text) { return "gives \(value) in row \(number); expected \(text)" }
            }
        }
        return nil
    }

    /// Floats may differ in the last digits that the C library gives, and of two zeros either may be the greatest.
    private func isSame(_ value: Value, _ text: String) -> Bool {
        guard case .float(let x) = value else { return value.description.utf8.elementsEqual(text.utf8) }
        guard let y = Double(text) else { return false }
        if x == y || (x.isNaN && y.isNaN) { return true }
        return abs(x - y) <= 1e-13 * max(abs(x), abs(y))
    }
}
