import MartletSyntax
import Testing

@Suite struct FormatterTests {
    @Test(arguments: Examples.all) func formattingKeepsMeaningAndComments(_ example: Example) throws {
        let parsed = parse(example.source)
        let text = try #require(format(parsed))
        let again = parse(SourceText(name: example.name, text))
        #expect(again.diagnostics.rendered(in: again.source) == "")
        #expect(again.script == parsed.script)
        #expect(comments(again).sorted() == comments(parsed).sorted())
        #expect(format(again) == text)
    }

    @Test(arguments: 0..<20) func randomScriptsSurviveFormatting(_ block: Int) throws {
        for seed in block * 50..<block * 50 + 50 {
            var generator = ScriptGenerator(seed: UInt64(seed))
            let script = generator.script()
            let text = format(script)
            let parsed = parse(SourceText(name: "seed \(seed)", text))
            #expect(parsed.diagnostics.rendered(in: parsed.source) == "", "seed \(seed): \(text)")
            #expect(parsed.script == script, "seed \(seed): \(text)")
            #expect(format(parsed) == text, "seed \(seed)")
        }
    }

    /// A comment after any token is kept, and formatting stays idempotent.
    @Test(arguments: Examples.all) func commentsAnywhereAreKept(_ example: Example) throws {
        let parsed = parse(example.source)
        for (index, token) in parsed.tokens.enumerated() where token.kind != .shebang {
            var bytes = example.source.bytes
            let comment = index % 2 == 0 ? "\n-- note\n" : " -- note\n\n"
            bytes.insert(contentsOf: Array(comment.utf8), at: token.span.start)
            let commented = parse(SourceText(name: example.name, bytes: bytes))
            // Inside `-- …` it continues a comment, which is as good.
            let text = try #require(format(commented), "\(commented.diagnostics.rendered(in: commented.source))")
            let again = parse(SourceText(name: example.name, text))
            #expect(again.script == parsed.script)
            #expect(comments(again).sorted() == comments(commented).sorted())
            #expect(format(again) == text, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test func canonicalForm() throws {
        let messy = """
            LOAD 'reviews.csv'|>WHERE length( text )>0 -- not empty
            |>route when score>=$sure then pass -- sure
              -- people
              else write 'to-review.jsonl' end as arm |> select a,b   as c, (a + b)*2 as d, not (a and b) as e;


            -- the end
            from t|>limit 1_000
            """
        #expect(
            try formatted(messy) == """
                load 'reviews.csv'
                |> where length(text) > 0  -- not empty
                |> route
                     when score >= $sure then pass  -- sure
                     -- people
                     else write 'to-review.jsonl'
                   end as arm
                |> select a, b as c, (a + b) * 2 as d, not (a and b) as e;

                -- the end
                from t |> limit 1_000;

                """)
    }

    @Test func longPipelinesBreakAtStagesAndLongListsAtEntries() throws {
        let long = (0..<12).map { "column_number_\($0) as renamed_\($0)" }.joined(separator: ", ")
        let text = try formatted("let x = load 'a.csv' |> select \(long) |> limit 3")
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.first == "let x = load 'a.csv'")
        #expect(lines.dropFirst().first == "|> select")
        #expect(lines.dropFirst(2).first == "     column_number_0 as renamed_0,")
        #expect(lines.last == "|> limit 3;")
        #expect(lines.count == 15)
    }

    @Test func nestedArmsIndent() throws {
        let text = try formatted(
            "from t |> route when a then extend 1 as b |> route when c then drop else pass end else pass end")
        #expect(
            text == """
                from t
                |> route
                     when a then
                       extend 1 as b
                       |> route
                            when c then drop
                            else pass
                          end
                     else pass
                   end;

                """)
    }

    @Test func scriptsWithErrorsAreNotFormatted() {
        #expect(format(parse(SourceText(name: "t", "from t |> where"))) == nil)
    }

    private func formatted(_ text: String) throws -> String {
        try #require(format(parse(SourceText(name: "test", text))))
    }

    private func comments(_ parsed: ParsedScript) -> [String] {
        parsed.tokens.filter { $0.kind == .comment }.map { token in
            var text = Substring(parsed.source[token.span])
            while text.last == " " { text.removeLast() }
            return String(text)
        }
    }
}
