import MartletData
import MartletExecutor
import MartletKernels
import MartletPlanner

/// The text of `explain` and `explain analyze`.
struct Explain {
    private let session: Session
    private let query: OptimizedQuery
    private let tables: [String: [Morsel]]

    init(_ session: Session, _ query: BoundQuery, tables: [String: [Morsel]]) {
        self.session = session
        self.query = PlanRules.optimize(query)
        self.tables = tables
    }

    func text(analyze: Bool) throws(MartletError) -> String {
        do {
            return analyze ? try analyzed() : try planned()
        } catch {
            throw MartletError(error)
        }
    }

    private func planned() throws -> String {
        let context = session.context(query.settings, tables: tables)
        let regions = try regionTraces(query, context)
        return query.dump + ruleLines(regions.flatMap(\.rules)) + noteLines(regions)
    }

    private func line(_ title: String, _ fired: [(rule: String, count: Int)]) -> String {
        guard !fired.isEmpty else { return "" }
        return "\(title): \(fired.map { "\($0.rule) ×\($0.count)" }.joined(separator: ", "))\n"
    }

    private func ruleLines(_ graphRules: [(rule: String, count: Int)]) -> String {
        var totals: [(rule: String, count: Int)] = []
        for item in graphRules {
            if let index = totals.firstIndex(where: { $0.rule == item.rule }) {
                totals[index].count += item.count
            } else {
                totals.append(item)
            }
        }
        return line("plan rules", query.fired.map { ($0.rule, $0.count) }) + line("graph rules", totals)
    }

    /// Each note once.
    private func noteLines(_ regions: [RegionTrace], _ remarks: [String] = []) -> String {
        var notes = remarks
        for note in regions.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
        return notes.map { "note: \($0)\n" }.joined()
    }

    private func analyzed() throws -> String {
        let context = session.context(query.settings, tables: tables)
        let start = monotonicSeconds()
        let run = try QueryRun(root: query.root, lets: query.lets, context: context)
        var rows = 0
        while let morsels = try run.next() { rows += morsels.reduce(0) { $0 + $1.rowCount } }
        let profile = Profile(context, seconds: monotonicSeconds() - start)
        let threads = session.pool(query.settings).threadCount
        let regions = try regionTraces(query, context)
        return ProfileText(profile, threads: threads, peakFlops: CPU.peakFlops).text
            + "result: \(rows) rows in \(seconds(profile.seconds))\n" + ruleLines(regions.flatMap(\.rules))
            + line("execution rules", context.profile.applied) + noteLines(regions, profile.remarks)
    }
}
