import MartletPlanner
import MartletSyntax
import Testing

@Suite struct DiagnosticTests {
    @Test(arguments: mistakes.indices)
    func mistakesAreExplained(index: Int) {
        let (script, said) = mistakes[index]
        var rendered = complaints(script)
        while rendered.last == "\n" { rendered.removeLast() }
        #expect(rendered == said)
    }

    @Test func codesAreDistinct() {
        let codes = DiagnosticCode.binder.map(\.id) + DiagnosticCode.syntax.map(\.id)
        #expect(Set(codes).count == codes.count)
    }

    /// An open parameter is fine for checking, and an error for running.
    @Test func parametersTakeValuesFromOutside() throws {
        let text = "param t float; param n int = 3; load 'reviews.csv' |> where stars > $t + $n |> select id"
        #expect(throws: Refused.self) { try query(text) }
        let plan = PlanRules.optimize(try query(text, parameters: ["t": .text("0.5"), "n": .value(.int(2))]))
        #expect(plan.root.dump.contains("where stars > 2.5\n"))
        #expect(throws: Refused.self) { try query(text, parameters: ["t": .text("much")]) }
    }

    /// What one text names, the next can use.
    @Test func environmentsGoOn() {
        var environment = BinderEnvironment()
        for text in [
            "model m = load 'models/tone'; param k float = 0.5", "let d = load 'reviews.csv' |> infer m(text) as s",
        ] {
            let source = SourceText(name: "shell", text)
            let result = bind(
                parse(source).script, source: source, catalog: FakeCatalog(), environment: &environment)
            #expect(result.isValid)
        }
        let source = SourceText(name: "shell", "from d |> where s.score > $k |> select text")
        let result = bind(parse(source).script, source: source, catalog: FakeCatalog(), environment: &environment)
        // A let's columns go by the names that it shows.
        #expect(result.isValid, "\(result.diagnostics.rendered(in: source))")
    }
}
