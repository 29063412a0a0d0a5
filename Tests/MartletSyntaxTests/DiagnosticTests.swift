import MartletSyntax
import Testing

/// A text with mistakes, and the diagnostics as they must read.
struct Mistake: Sendable, CustomStringConvertible {
    let name: String
    let text: String
    let rendered: String

    init(_ name: String, _ text: String, _ rendered: String) {
        self.name = name
        self.text = text
        self.rendered = rendered
    }

    var description: String { name }
}

@Suite struct DiagnosticTests {
    @Test(arguments: Mistakes.all) func mistakesReadAsIntended(_ mistake: Mistake) {
        let parsed = parse(SourceText(name: "test", mistake.text))
        #expect(parsed.diagnostics.rendered(in: parsed.source) == mistake.rendered + "\n")
    }
}
