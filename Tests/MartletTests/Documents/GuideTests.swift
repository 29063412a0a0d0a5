import Martlet
import MartletTestSupport
import Testing

/// `docs/guide.md` is one session: its scripts run one after another, and each shows what stands below it.
@Suite(.serialized)
struct GuideTests {
    init() { ProjectFiles.enter() }

    private struct Step {
        var line: Int
        var script: String
        var shown: String?
    }

    /// Scripts (```` ```sql ````), each with the text block (```` ```text ````) that follows, if one does.
    private static func steps(_ text: String) -> [Step] {
        var steps: [Step] = []
        var kind: Substring?
        var block: [Substring] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard line.hasPrefix("```") else {
                if kind != nil { block.append(line) }
                continue
            }
            let text = block.joined(separator: "\n")
            if kind == "sql" { steps.append(Step(line: number, script: text, shown: nil)) }
            if kind == "text", !steps.isEmpty { steps[steps.count - 1].shown = text }
            kind = kind == nil ? line.dropFirst(3) : nil
            block = []
        }
        return steps
    }

    @Test func eachStepShowsWhatTheGuideSays() throws {
        let text = try #require(ProjectFiles.read("docs/guide.md"))
        #expect(text.split(separator: "\n").count { $0.hasPrefix("## ") && $0.contains(". ") } == 10)
        ProjectFiles.makeOutputFolder()
        let session = Session(threads: 2)
        let run = ScriptRun()
        for step in Self.steps(text) {
            let actual = run.actual(step.script, in: session)
            if let shown = step.shown { #expect(actual == shown, "docs/guide.md:\(step.line)") }
            #expect(step.shown != nil || !actual.hasPrefix("error"), "docs/guide.md:\(step.line): \(actual)")
        }
    }
}
