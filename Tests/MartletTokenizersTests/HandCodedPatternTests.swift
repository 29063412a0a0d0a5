import MartletSupport
import MartletTokenizers
import Testing

@Suite struct HandCodedPatternTests {
    private static let rest = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
    private static let words = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
    static let patterns = [
        "\\s+", "\\s", "\\p{N}", "\\p{N}+", " +", " {2,}",
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        words + "\\p{N}{1,3}" + rest, words + "\\p{N}" + rest,
    ]

    /// A tokenizer that shows every border of the pattern.
    private func tokenizer(_ pattern: String) throws -> Tokenizer {
        var parts = try #require(try JSON.parse(Fixture.bytes("probe.json")).object)
        parts["pre_tokenizer"] = [
            "type": "Sequence",
            "pretokenizers": [
                ["type": "Split", "pattern": ["Regex": .string(pattern)], "behavior": "Isolated", "invert": false],
                ["type": "ByteLevel", "add_prefix_space": false, "use_regex": false],
            ],
        ]
        return try Tokenizer(.object(parts))
    }

    /// The engine sees the pattern in a group, which the table of hand-coded ones does not know.
    @Test(arguments: patterns)
    func engineAndHandCodeCutAlike(pattern: String) throws {
        let hand = try tokenizer(pattern)
        let engine = try tokenizer("(?:\(pattern))")
        let texts = try Fixture.lines(Fixture.path("parts.cases.jsonl")).compactMap { $0["text"]?.string }
        for text in Set(texts) { #expect(try hand.encode(text).ids == engine.encode(text).ids, "\(text)") }
        for block in Array(0..<0x20) + Array(stride(from: 0x20, to: 0x320, by: 24)) {
            var text = ""
            for low in 0..<256 {
                guard let scalar = Unicode.Scalar(UInt32(block << 8 | low)) else { continue }
                text.unicodeScalars.append(
                    contentsOf: low % 2 == 0 ? ["'", scalar, "1", " ", scalar, "\n"] : [scalar, " ", " "])
            }
            #expect(try hand.encode(text).ids == engine.encode(text).ids, "block \(block)")
        }
    }
}
