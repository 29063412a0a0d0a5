import Foundation
import MartletData
import Testing

/// On real data, where MARTLET_DATA says it is.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MARTLET_DATA"] != nil))
struct ReviewsTests {
    @Test func csvAndJSONLinesAgree() throws {
        let data = try #require(ProcessInfo.processInfo.environment["MARTLET_DATA"])
        let csv = try readAll(data + "/reviews.csv")
        let json = try readAll(data + "/reviews.jsonl", [], ScanRequest(morselRows: 333))
        #expect(csv.schema == json.schema)
        #expect(csv.schema.text == "id string, source string, score float, text string")
        #expect(csv.rows.count == 23_703)
        #expect(csv.rows == json.rows)
    }
}
