import MartletPlanner
import Testing

/// Functions mean what DuckDB's mean. Floats may differ in the last digits that libm gives.
@Suite struct DuckDBTests {
    @Test(arguments: duckDBValues.indices)
    func scalars(index: Int) throws {
        let (expression, expected) = duckDBValues[index]
        #expect(isSame(try value(expression), expected), "\(expression)")
    }

    @Test(arguments: duckDBAggregates.indices)
    func aggregates(index: Int) throws {
        let (relation, expression, expected) = duckDBAggregates[index]
        let rows = try result("from (from \(relation)) as t(a) |> aggregate \(expression) as v")
        #expect(isSame(rows[0][0], expected), "\(expression) of \(relation): \(rows[0][0])")
    }

    private func isSame(_ text: String, _ expected: String) -> Bool {
        if text == expected { return true }
        guard let a = Double(text), let b = Double(expected) else { return false }
        return text.contains(".") && abs(a - b) <= 1e-12 * max(1, abs(b))
    }
}
