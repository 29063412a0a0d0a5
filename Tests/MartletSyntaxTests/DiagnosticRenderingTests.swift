import MartletSyntax
import Testing

@Suite struct DiagnosticRenderingTests {
    private let source = SourceText(
        name: "q.mlet",
        """
        load 'r.csv'
        |> extend enc(a).embedding as e
        |> limit 9

        |> select id, source
        |> infer small(text) as s
        """)

    private func span(_ text: String) -> Span {
        let bytes = Array(text.utf8)
        for start in 0...(source.bytes.count - bytes.count)
        where Array(source.bytes[start..<start + bytes.count]) == bytes {
            return Span(start, start + bytes.count)
        }
        return .none
    }

    private let gone = DiagnosticCode("E0107", "a column that an earlier stage dropped")

    @Test func secondarySpansStandOnTheirLines() {
        let diagnostic = Diagnostic(
            gone, "column `text` is no longer here",
            labels: [.primary(span("text")), .secondary(span("select id, source"), "`select` kept only id, source")],
            help: ["move the `infer` above the `select`, or select text too"])
        #expect(
            diagnostic.rendered(in: source) == """
                error[E0107]: column `text` is no longer here
                 5 | |> select id, source
                   |    ----------------- `select` kept only id, source
                 6 | |> infer small(text) as s
                   |                ^^^^
                   = help: move the `infer` above the `select`, or select text too

                """)
    }

    @Test func distantLinesAreElidedAndOneBetweenIsShown() {
        let diagnostic = Diagnostic(
            gone, "m", severity: .warning,
            labels: [.primary(span("text")), .secondary(span("load"), "a"), .secondary(span("9"), "b")])
        #expect(
            diagnostic.rendered(in: source) == """
                warning[E0107]: m
                 1 | load 'r.csv'
                   | ---- a
                 2 | |> extend enc(a).embedding as e
                 3 | |> limit 9
                   |          - b
                  ...
                 6 | |> infer small(text) as s
                   |                ^^^^

                """)
    }

    @Test func runTimeErrorsShowTheirPlace() {
        let diagnostic = Diagnostic(
            DiagnosticCode("E0501", "a row failed"), "row 1817 failed in infer small(text)",
            place: "reviews.csv:1819, id = film-7302",
            details: ["text has 913 tokens, the model takes 512, and truncate = false"],
            help: ["load … with (truncate = true), or add `on error keep as err`"],
            notes: ["0 rows written (write is atomic)"])
        #expect(
            diagnostic.rendered(in: nil) == """
                error[E0501]: row 1817 failed in infer small(text)            reviews.csv:1819, id = film-7302
                   |   text has 913 tokens, the model takes 512, and truncate = false
                   = note: 0 rows written (write is atomic)
                   = help: load … with (truncate = true), or add `on error keep as err`

                """)
    }

    @Test func labelsInOtherTextsNameThem() {
        let other = SourceText(name: "lib.mlet", "define f(x int) = x + y;")
        let diagnostic = Diagnostic(
            gone, "m", labels: [.primary(span("small")), .secondary(Span(22, 23), "from here", in: other)])
        #expect(
            diagnostic.rendered(in: source) == """
                error[E0107]: m
                 6 | |> infer small(text) as s
                   |          ^^^^^
                   > lib.mlet
                 1 | define f(x int) = x + y;
                   |                       - from here

                """)
    }

    @Test func coloursAreOnlyAdded() {
        let diagnostic = Diagnostic(gone, "m", at: span("text"), "here", help: ["h"])
        var plain = diagnostic.rendered(in: source, style: .ansi)
        #expect(plain.contains("\u{1B}[1;31m^^^^ here\u{1B}[0m"))
        for code in ["[1;31m", "[1;34m", "[1m", "[0m"] {
            plain = plain.split(separator: "\u{1B}" + code, omittingEmptySubsequences: false).joined()
        }
        #expect(plain == diagnostic.rendered(in: source))
    }

    /// Text from files must not steer the terminal, nor break the layout.
    @Test func controlCharactersAreMadeVisible() {
        let hostile = SourceText(name: "h", "a\u{1B}[2Jb \u{202E}c")
        let text = Diagnostic(gone, "m\n\u{1B}[0m", at: Span(0, 1), "x\u{7}").rendered(in: hostile)
        #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}") && !text.contains("\u{7}"))
        #expect(text.split(separator: "\n").count == 3)
    }

    @Test func longLinesAreShownInPart() {
        let long = SourceText(
            name: "l", String(repeating: "a", count: 5000) + "!" + String(repeating: "b", count: 5000))
        let text = Diagnostic(gone, "m", at: Span(5000, 5001), "here").rendered(in: long)
        let lines = text.split(separator: "\n")
        #expect(lines[1].count < 200)
        let mark = lines[2].firstIndex(of: "^").map { lines[2].distance(from: lines[2].startIndex, to: $0) }
        let bang = lines[1].firstIndex(of: "!").map { lines[1].distance(from: lines[1].startIndex, to: $0) }
        #expect(mark != nil && mark == bang)
    }

    @Test func json() {
        let diagnostic = Diagnostic(
            gone, "a \"b\"\n", labels: [.primary(span("text"), "t")], help: ["h"], notes: ["n"],
            fix: .replace(span("text"), with: "body"))
        #expect(
            diagnostic.json(in: source)
                == #"{"code":"E0107","severity":"error","message":"a \"b\"\n","file":"q.mlet","spans":[{"primary":true,"#
                + #""start":{"line":6,"column":16},"end":{"line":6,"column":20},"label":"t"}],"help":["h"],"notes":["n"],"#
                + #""fix":[{"start":{"line":6,"column":16},"end":{"line":6,"column":20},"replacement":"body"}]}"#)
    }

    @Test func codesAreDistinctAndExplained() {
        let codes = DiagnosticCode.syntax
        #expect(Set(codes).count == codes.count)
        for code in codes {
            #expect(code.id.count == 5 && code.id.hasPrefix("E0") && !code.explanation.isEmpty)
        }
    }
}
