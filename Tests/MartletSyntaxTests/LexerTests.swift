import MartletSyntax
import Testing

@Suite struct LexerTests {
    private func kinds(_ text: String) -> [TokenKind] {
        Lexer.tokens(of: SourceText(name: "t", text)).tokens.map(\.kind).filter {
            $0 != .whitespace && $0 != .endOfText
        }
    }

    @Test(arguments: Examples.all) func tokensConcatenateToTheText(_ example: Example) {
        let source = example.source
        let (tokens, diagnostics) = Lexer.tokens(of: source)
        #expect(diagnostics.isEmpty)
        #expect(tokens.map { source[$0.span] }.joined() == example.text)
    }

    @Test func operatorsAreTakenLongestFirst() {
        #expect(
            kinds("|> || ?? ? / // : :: => -> = <> != < <= > >= ==")
                == [
                    .pipe, .concat, .coalesce, .question, .slash, .doubleSlash, .colon, .doubleColon, .fatArrow, .arrow,
                    .equal, .notEqual, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .foreign,
                ])
        #expect(kinds("a||b|>c::d:e") == [.name, .concat, .name, .pipe, .name, .doubleColon, .name, .colon, .name])
    }

    @Test func numbersStringsAndNames() {
        #expect(
            kinds("1 1.5 1e3 1.5E-3 1_000 1.x") == [.integer, .float, .float, .float, .integer, .integer, .dot, .name])
        #expect(
            kinds("'it''s' '' \"a\"\"b\" $p größe 名前") == [.string, .string, .quotedName, .parameter, .name, .name])
        #expect(kinds("a--b\n-c") == [.name, .comment, .minus, .name])
        #expect(kinds("#!/bin/x\na") == [.shebang, .name])
    }

    @Test(arguments: [
        ("'abc", DiagnosticCode.unterminatedString), ("\"abc", .unterminatedQuotedName), ("\"\"", .emptyQuotedName),
        ("\0", .unexpectedCharacter), ("a ` b", .unexpectedCharacter), ("$", .unexpectedCharacter),
        ("$1", .unexpectedCharacter), ("1__0", .badNumber), ("1_", .badNumber), ("1x", .badNumber),
        ("“x”", .typographicCharacter), ("a — b", .typographicCharacter), ("/* x", .blockComment),
    ])
    func lexicalErrors(_ text: String, _ code: DiagnosticCode) {
        #expect(Lexer.tokens(of: SourceText(name: "t", text)).diagnostics.map(\.code) == [code])
    }

    @Test(
        arguments: [[0xFF], [0x27, 0xC3, 0x27], [0x2D, 0x2D, 0x80], [0x61, 0xE2, 0x82], [0xED, 0xA0, 0x80]] as [[UInt8]]
    )
    func invalidUTF8IsAnErrorEverywhere(_ bytes: [UInt8]) {
        let codes = Lexer.tokens(of: SourceText(name: "t", bytes: bytes)).diagnostics.map(\.code)
        #expect(codes.contains(.invalidUTF8))
    }

    private func place(_ offset: Int, _ source: SourceText) -> [Int] {
        let position = source.position(at: offset)
        return [position.line, position.column]
    }

    @Test func positionsCountCharacters() {
        let source = SourceText(name: "t", "aé🎉x\r\n\tb\n")
        #expect(place(7, source) == [1, 4])
        #expect(place(11, source) == [2, 2])
        #expect(place(99, source) == [3, 1])
        #expect(source[source.lineSpan(1)] == "aé🎉x")
        #expect(source.lineCount == 3)
    }

    @Test(arguments: [
        ("from t;", true), ("from t; -- done", true), ("from t", false), ("", false), ("-- x;", false),
        ("from t |> write 'a;", false), ("from t |> write 'a;'", false), ("from t |> write 'a;';", true),
        ("set a = \";", false), ("from t;\n\n", true), ("from t; from", false),
    ])
    func completeness(_ text: String, _ expected: Bool) {
        #expect(isComplete(text) == expected)
    }

    @Test(arguments: [
        ("selct", "select"), ("wehre", "where"), ("INFER", "infer"), ("agregate", "aggregate"), ("xyz", nil), ("", nil),
        ("li", nil), ("lmit", "limit"),
    ])
    func suggestionsOnlyWhenClose(_ text: String, _ expected: String?) {
        #expect(closest(to: text, among: StageSyntax.names) == expected)
    }
}
