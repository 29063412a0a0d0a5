import MartletSupport
import Testing

@Suite struct RegularExpressionTests {
    private func matches(_ pattern: String, _ text: String) throws -> [String] {
        let bytes = Array(text.utf8)
        let expression = try RegularExpression(pattern)
        return bytes.withUnsafeBufferPointer { expression.matches(in: $0) }
            .map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    /// Each line of the fixture is a pattern with the matches that Oniguruma finds, empty ones left out.
    @Test func matchesAsTheReference() throws {
        let here = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let file = try MappedFile(path: here + "/Fixtures/regular-expressions.jsonl")
        var scanner = JSONScanner(file.bytes)
        var count = 0
        while !scanner.isAtEnd() {
            let reference = try scanner.scanValue()
            let pattern = try #require(reference["pattern"]?.string)
            count += 1
            if reference["error"] != nil {
                #expect(throws: RegularExpressionError.self, "\(pattern)") { try RegularExpression(pattern) }
                continue
            }
            for pair in reference["matches"]?.array ?? [] {
                let text = try #require(pair.array?[0].string)
                let expected = (pair.array?[1].array ?? []).compactMap(\.string)
                let found = try matches(pattern, text).filter { !$0.isEmpty }
                #expect(found.map { Array($0.utf8) } == expected.map { Array($0.utf8) }, "\(pattern) on \(text)")
            }
        }
        #expect(count > 350)
        withExtendedLifetime(file) {}
    }

    @Test func emptyMatchesStandBetweenCharacters() throws {
        #expect(try matches("", "aé") == ["", "", ""])
        #expect(try matches("x*", "axxb") == ["", "xx", ""])
        #expect(try matches("a|", "ba") == ["", "a"])
        #expect(try matches("", "") == [""])
        #expect(try matches("a", "") == [])
    }

    @Test(
        arguments: [
            ("(a", .unmatchedParenthesis, 0), ("a)", .unmatchedParenthesis, 1), ("[a", .unmatchedBracket, 2),
            ("*a", .nothingToRepeat, 0), ("[b-a]", .invalidRange, 4), ("[\\d-z]", .invalidRange, 3),
            ("\\p{Foo}", .unknownProperty("Foo"), 7), ("(?z)", .unknownGroup("z"), 3),
            ("(?<=a+)b", .unboundedLookbehind, 0), ("(a)\\1", .unsupported("a reference to a group (`\\1`)"), 4),
            ("\\x{110000}", .invalidEscape("\\x{110000}"), 10), ("\\", .invalidEscape("\\"), 1),
            ("\\uD800", .invalidEscape("\\uD800"), 6), ("(?:a{1000}){1000}", .tooLarge(limit: 20000), 0),
            ("a{999999}", .tooLarge(limit: 100_000), 7),
        ] as [(String, RegularExpressionError.Reason, Int)])
    func errorsSayWhatAndWhere(pattern: String, reason: RegularExpressionError.Reason, offset: Int) {
        let error = #expect(throws: RegularExpressionError.self) { try RegularExpression(pattern) }
        #expect(error?.reason == reason)
        #expect(error?.offset == offset)
        #expect(error?.words.isEmpty == false)
    }

    @Test func nestingIsLimited() {
        for (open, close) in [("(", ")"), ("[", "]"), ("(?i)", ""), ("(?=", ")")] {
            let pattern = String(repeating: open, count: 2000) + "a" + String(repeating: close, count: 2000)
            #expect(throws: RegularExpressionError.self, "\(open)") { try RegularExpression(pattern) }
        }
        #expect(throws: RegularExpressionError.self) {
            try RegularExpression("(?:ab)" + String(repeating: "+*", count: 2000))
        }
        #expect(throws: Never.self) { try RegularExpression("(?:(?:(?:){100000}){100000}){100000}a") }
    }

    /// Twice the text takes about twice the steps, where plain backtracking takes four times as many or never ends.
    @Test(arguments: [
        "(?:a*)*b", "(?:a|aa)+b", "(?:a|a?)+b", "a*a*a*a*b", "a++b", "(?>a+)b", "(?>(?:a|b)+)c", "a(?=.*b)", "a(?!.*b)",
        "(?:.*){5}x", "(?:a+?)+?b", "a+(?<=ab)", "(?:(?:a|c)+|a)*b", "(?:a{1,3}){2,}b", "(?i)(?:a|A|aA)*x",
        "[ac]+[ad]+b",
    ])
    func stepsAreInProportionToTheText(pattern: String) throws {
        let expression = try RegularExpression(pattern)
        let steps = [2000, 4000].map { length in
            [UInt8](repeating: UInt8(ascii: "a"), count: length).withUnsafeBufferPointer {
                expression.stepCount(in: $0)
            }
        }
        #expect(steps[1] < steps[0] * 5 / 2 + 10_000, "\(steps)")
        #expect(steps[1] < 4000 * 400, "\(steps)")
    }
}
