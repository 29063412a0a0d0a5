import Foundation
import MartletSyntax
import Testing

/// No text, however broken, may trap.
@Suite struct RobustnessTests {
    @Test(arguments: Examples.all) func everyTruncationIsSurvived(_ example: Example) {
        let bytes = example.source.bytes
        for length in 0...bytes.count { check(Array(bytes[..<length])) }
    }

    @Test(arguments: 0..<8) func randomMutationsAreSurvived(_ block: Int) {
        var random = SeededGenerator(seed: UInt64(block))
        for _ in 0..<300 {
            guard let example = Examples.all.randomElement(using: &random) else { return }
            var bytes = example.source.bytes
            for _ in 0..<Int.random(in: 1...6, using: &random) { mutate(&bytes, &random) }
            check(bytes)
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: at)
        case 2: bytes.insert(Array("'\"()[]{};|>.,$-# \n\0".utf8).randomElement(using: &random) ?? 0, at: at)
        default:
            let end = min(bytes.count, at + Int.random(in: 1...30, using: &random))
            bytes.insert(contentsOf: Array(bytes[at..<end]), at: Int.random(in: 0..<bytes.count, using: &random))
        }
    }

    @Test func randomBytesAreSurvived() {
        var random = SeededGenerator(seed: 7)
        for length in 0..<100 { check((0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }) }
    }

    /// Tokens cover the text, diagnostics render, and what has no errors can be formatted.
    private func check(_ bytes: [UInt8]) {
        let parsed = parse(SourceText(name: "test", bytes: bytes))
        #expect(parsed.tokens.flatMap { bytes[$0.span.start..<$0.span.end] } == bytes)
        _ = parsed.diagnostics.rendered(in: parsed.source, style: .ansi)
        for diagnostic in parsed.diagnostics {
            #expect(!diagnostic.json(in: parsed.source).isEmpty)
            for label in diagnostic.labels { #expect(label.span.end <= bytes.count) }
        }
        if let text = format(parsed) {
            let again = parse(SourceText(name: "again", text))
            #expect(again.script == parsed.script)
            #expect(format(again) == text)
        }
    }

    /// Each of these nests beyond the limit; all are parsed on a thread with 512 KB of stack.
    @Test(arguments: [
        ("(", "1", ")"), ("[", "1", "]"), ("f(", "1", ")"), ("- ", "1", ""), ("not ", "a", ""), ("{a: ", "1", "}"),
        ("case when a then ", "1", " end"), ("cast(", "1", " as int)"), ("1 + (", "1", ")"), ("", "a", "[0]"),
        ("", "a", ".b"), ("", "1", " + 1"), ("", "a", "::int"), ("a or (b and (", "c", "))"),
    ])
    func deepExpressionsAreRefused(_ open: String, _ inner: String, _ close: String) {
        let deep = String(repeating: open, count: 2000) + inner + String(repeating: close, count: 2000)
        expectTooDeep("from t |> where \(deep)")
    }

    @Test func deepQueriesAreRefused() {
        expectTooDeep(String(repeating: "from (", count: 2000) + "from t" + String(repeating: ")", count: 2000))
        expectTooDeep(
            "from t |> " + String(repeating: "route when a then ", count: 2000) + "pass"
                + String(repeating: " else pass end", count: 2000))
        expectTooDeep(
            "param p " + String(repeating: "list(", count: 2000) + "int" + String(repeating: ")", count: 2000))
        expectTooDeep(
            "param p " + String(repeating: "struct(a ", count: 2000) + "int" + String(repeating: ")", count: 2000))
    }

    private func expectTooDeep(_ text: String) {
        let codes = onSmallStack { parse(SourceText(name: "deep", text)).diagnostics.map(\.code) }
        #expect(codes.contains(.nestedTooDeeply))
    }

    /// What is just within the limit parses and formats on a small stack too.
    @Test(arguments: [
        ("(", "1", ")", 55), ("f(", "1", ")", 55), ("not ", "a", "", 55), ("case when a then ", "1", " end", 55),
        ("", "1", " + 1", 250), ("", "a", "[0]", 250), ("[", "1", "]", 55), ("{a: ", "1", "}", 55),
    ])
    func nestingWithinTheLimitFitsASmallStack(_ open: String, _ inner: String, _ close: String, _ count: Int) {
        let nested = String(repeating: open, count: count) + inner + String(repeating: close, count: count)
        let survived = onSmallStack {
            let parsed = parse(SourceText(name: "nested", "from t |> where \(nested)"))
            guard let text = format(parsed) else { return false }
            return !parse(SourceText(name: "again", text)).hasErrors
        }
        #expect(survived)
    }

    @Test func nestedQueriesWithinTheLimitFitASmallStack() {
        let survived = onSmallStack {
            let parsed = parse(
                SourceText(
                    name: "nested",
                    "from t |> " + String(repeating: "route when a then ", count: 14) + "pass"
                        + String(repeating: " else pass end", count: 14)))
            return format(parsed) != nil
        }
        #expect(survived)
    }

    private func onSmallStack<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
        let box = Box<Result>()
        let thread = Thread { box.finish(body()) }
        // scripts/sanitize sets the variable: frames are several times as large there.
        let isSanitized = ProcessInfo.processInfo.environment["MARTLET_SANITIZER"] != nil
        thread.stackSize = isSanitized ? 8 << 20 : 512 << 10
        thread.start()
        return box.wait()
    }

    /// Hands a result from one thread to another.
    private final class Box<Result: Sendable>: @unchecked Sendable {
        private let done = DispatchSemaphore(value: 0)
        private var result: Result?

        func finish(_ result: Result) {
            self.result = result
            done.signal()
        }

        func wait() -> Result {
            done.wait()
            guard let result else { preconditionFailure("bug: no result") }
            return result
        }
    }
}
