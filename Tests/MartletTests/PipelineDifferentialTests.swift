import Martlet
import MartletTestSupport
import Testing

/// Random pipelines give the same rows however they are run: with all rules or none, on one thread or two, in morsels of any size.
/// 1,000 cases; MARTLET_PIPELINES says how many, and with MARTLET_LONG 100,000.
@Suite(.serialized)
struct PipelineDifferentialTests {
    init() { ProjectFiles.enter() }

    private static let count =
        ProjectFiles.environment("MARTLET_PIPELINES").flatMap { Int($0) }
        ?? (ProjectFiles.environment("MARTLET_LONG") != nil ? 100_000 : 1_000)
    private static let first = UInt64(ProjectFiles.environment("MARTLET_FIRST") ?? "0") ?? 0

    private enum Outcome: Equatable {
        case rows([String])
        case error(String)
    }

    private func outcome(_ script: String, _ settings: String, threads: Int) -> Outcome {
        do {
            let results = try Session(threads: threads).run(settings + script)
            let names = results.columns.map(\.name).joined(separator: ",")
            return .rows(
                [names] + results.rows.map { row in row.values.map(\.description).joined(separator: "\u{1f}") })
        } catch { return .error(error.problems.first.map { $0.code + " " + $0.message } ?? "") }
    }

    @Test func everyWayGivesTheSame() {
        var failing = 0
        var refused = 0
        for seed in 0..<UInt64(Self.count) {
            let mayFail = seed % 3 == 0
            var generator = PipelineGenerator(seed: seed + Self.first, mayFail: mayFail)
            let script = generator.script()
            let plain = outcome(script, "set disable = 'all';", threads: 1)
            if case .error(let text) = plain {
                // Only running may fail: all of these scripts are right.
                if !text.hasPrefix("E05") {
                    refused += 1
                    if refused < 20 { Issue.record("seed \(seed + Self.first): \(text)\n\(script)") }
                    continue
                }
                failing += 1
                if !mayFail { Issue.record("seed \(seed + Self.first): \(text)\n\(script)") }
            }
            let ways: [(String, Int)] = [
                ("", 2), ("set morsel_rows = 1;", 1), ("set disable = 'all'; set morsel_rows = 3; set batch = 2;", 2),
            ]
            for (settings, threads) in ways[0..<(seed % 4 == 0 ? 3 : seed % 2 == 0 ? 2 : 1)] {
                let other = outcome(script, settings, threads: threads)
                if other == plain { continue }
                // A row that nothing needs may be left out before it fails; the other way round is a fault.
                if case .error(let text) = plain, text.hasPrefix("E05") { continue }
                Issue.record(
                    """
                    seed \(seed + Self.first), \(settings.isEmpty ? "all rules" : settings) \(threads) threads
                    \(script)
                    plain: \(plain)
                    other: \(other)
                    """)
            }
        }
        #expect(failing > 0 && failing < Self.count / 4)
    }
}
