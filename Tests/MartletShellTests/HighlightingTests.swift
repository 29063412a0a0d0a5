import Foundation
import Martlet
import MartletTestSupport
import Testing

/// Colours by kind, each part as `kind:text`.
struct HighlightingTests {
    private func parts(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return Highlighting(text).parts.map { part in
            "\(part.kind):" + String(decoding: bytes[part.start..<part.end], as: UTF8.self)
        }
    }

    @Test(arguments: [
        (
            "load 'a' |> order by x desc",
            ["keyword:load", "string:'a'", "pipe:|>", "keyword:order", "keyword:by", "keyword:desc"]
        ),
        // Words of the grammar that are names here.
        (
            "from t |> where model = rows and t.load > 1",
            [
                "keyword:from", "pipe:|>", "keyword:where", "keyword:and", "number:1",
            ]
        ),
        ("select left(x, 2), $p", ["function:left", "number:2", "parameter:$p"]),
        ("let x = load 'a'", ["keyword:let", "keyword:load", "string:'a'"]),
        ("infer m(x) on error keep as e", ["function:m", "keyword:on", "keyword:error", "keyword:keep", "keyword:as"]),
        ("where a == 'open", ["mistake:==", "string:'open"]), ("-- é\n1", ["comment:-- é", "number:1"]),
    ])
    func kinds(_ text: String, _ expected: [String]) { #expect(parts(text) == expected) }

    /// In order, without overlaps, within the text: whatever the text is.
    @Test func anyTextHasSoundParts() throws {
        let script = try String(contentsOfFile: ProjectFiles.root + "/examples/triage.mlet", encoding: .utf8)
        let bytes = Array(script.utf8)
        for end in 0...bytes.count {
            let text = String(decoding: bytes[..<end], as: UTF8.self)
            var last = 0
            for part in Highlighting(text).parts {
                #expect(part.start >= last && part.end > part.start && part.end <= text.utf8.count)
                last = part.end
            }
        }
    }
}
