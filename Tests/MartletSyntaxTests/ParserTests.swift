import MartletSyntax
import Testing

@Suite struct ParserTests {
    @Test(arguments: Examples.all) func examplesParse(_ example: Example) {
        let parsed = parse(example.source)
        #expect(parsed.diagnostics.rendered(in: example.source) == "")
        for statement in parsed.script.statements { #expect(statement.isWhole) }
    }
}
