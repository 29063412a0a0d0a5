import Foundation
import MartletData
import MartletSupport
import Testing

/// Against Python's csv module; the cases come from `scripts/reference/csv_cases.py`.
struct CSVGoldenTests {
    @Test func readsAsPythonDoes() throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/csv_cases", withExtension: "json"))
        let cases = try #require(try JSON.parse(Array(Data(contentsOf: url))).array)
        #expect(cases.count > 300)
        let folder = try Folder()
        for (number, item) in cases.enumerated() {
            let parts = try #require(item.array)
            let text = try #require(parts[0].string)
            let separator = try #require(parts[1].string)
            let expected = parts[2].array?.compactMap { $0.array?.compactMap(\.string) }
            let path = try folder.write("\(number).csv", text)
            // One column more than the widest row: then a blank line is no row, as in the fixture.
            let width = (expected?.map(\.count).max() ?? 30) + 1
            for morsel in [1, 2048] {
                let rows = read(path, separator, width, strict: false, morsel)
                #expect(rows == expected.map { pad($0, width) }, "\(text.debugDescription) by \(separator)")
            }
            if parts[3].bool == true {
                #expect(read(path, separator, width, strict: true, 7) == nil, "\(text.debugDescription)")
            }
        }
    }

    private func pad(_ rows: [[String]], _ width: Int) -> [[String]] {
        rows.map { $0 + Array(repeating: "", count: width - $0.count) }
    }

    private func read(_ path: String, _ separator: String, _ width: Int, strict: Bool, _ morsel: Int) -> [[String]]? {
        let options: [(name: String, value: Value)] = [
            ("header", .bool(false)), ("delim", .string(separator)), ("strict", .bool(strict)),
            ("null_padding", .bool(true)), ("all_varchar", .bool(true)),
            ("names", .list((0..<width).map { .string("c\($0)") })),
        ]
        do {
            return try readAll(path, options, ScanRequest(morselRows: morsel)).rows.map { row in
                row.map { $0.isNull ? "" : $0.text }
            }
        } catch {
            return nil
        }
    }
}
