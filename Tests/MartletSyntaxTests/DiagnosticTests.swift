import MartletSyntax
import Testing

@Suite struct DiagnosticTests {
    @Test(arguments: Mistakes.all) func mistakesReadAsIntended(_ mistake: Mistake) {
        let parsed = parse(SourceText(name: "test", mistake.text))
        #expect(parsed.diagnostics.rendered(in: parsed.source) == mistake.rendered + "\n")
    }
}
