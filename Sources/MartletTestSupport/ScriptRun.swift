import Martlet
import MartletData

/// Runs records of script files.
package struct ScriptRun {
    private let permutation: Permutation

    package init(_ permutation: Permutation = .standard) { self.permutation = permutation }

    /// What a record gives now, in the form of its expectation.
    package func actual(_ record: ScriptFile.Record) -> String {
        permutation.applied {
            switch record.kind {
            case .query, .error: return outcome(record)
            case .explain: return plan(record.script)
            case .samePlan:
                let plans = [record.script, record.expected].map { plan($0, withRules: false) }
                return plans[0] == plans[1] ? record.expected : plans[0]
            case .counter(let rule, let name):
                let on = measured(record.script, name, extra: "")
                let off = measured(record.script, name, extra: "set disable = '\(rule)';")
                return on.result == off.result
                    ? "on: \(on.count)\noff: \(off.count)" : "results differ:\n\(on.result)\n\(off.result)"
            }
        }
    }

    /// Whether records of this kind mean anything under this permutation.
    package func covers(_ record: ScriptFile.Record) -> Bool {
        permutation == .standard || record.kind == .query || record.kind == .error
    }

    private func session(_ extra: String) throws -> Session {
        let session = Session(threads: permutation.threads)
        try session.run(permutation.prelude + extra)
        return session
    }

    /// Texts that `===` divides run one after another in one session; the last one's rows count. An `error` record whose
    /// script runs gives its warnings.
    private func outcome(_ record: ScriptFile.Record) -> String {
        do {
            let session = try session("")
            var results: Results?
            var warnings: [String] = []
            for text in texts(record.script) {
                let prepared = try session.prepare(text, name: "test")
                warnings += prepared.warnings.map(\.rendered)
                results = try prepared.run()
            }
            if record.kind == .error, !warnings.isEmpty { return trimmed(warnings.joined(separator: "\n")) }
            return try results.map(csv) ?? ""
        } catch let error as MartletError {
            return trimmed(error.description)
        } catch {
            return "\(error)"
        }
    }

    /// What a text shows when it runs in `session`: the plan, the rows of its last query as CSV, or what is wrong.
    package func actual(_ text: String, in session: Session) -> String {
        var shown = ""
        do {
            let prepared = try session.prepare(text, name: "guide")
            try prepared.execute { event throws(MartletError) in
                switch event {
                case .plan(let plan): shown = plan
                case .query(let stream):
                    let results = try stream.collect()
                    do { shown = try csv(results) } catch { throw MartletError(problems: []) }
                }
            }
        } catch {
            shown = error.description
        }
        return trimmed(shown)
    }

    private func texts(_ script: String) -> [String] {
        var texts = [""]
        for line in script.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "===" { texts.append("") } else { texts[texts.count - 1] += line + "\n" }
        }
        return texts.map { String($0.dropLast()) }
    }

    private func measured(_ script: String, _ name: String, extra: String) -> (count: Int, result: String) {
        do {
            let results = try session(extra).run(script, name: "test")
            guard let count = Counters.table[name]?(results.profile) else { return (-1, "no counter `\(name)`") }
            return (count, try csv(results))
        } catch {
            return (-1, "\(error)")
        }
    }

    private func plan(_ script: String, withRules: Bool = true) -> String {
        var text = ""
        do {
            let prepared = try session("").prepare(script, name: "test")
            try prepared.execute(explaining: .plan) { event in
                if case .plan(let plan) = event { text += plan }
            }
        } catch {
            text += "\(error)"
        }
        guard !withRules else { return trimmed(text) }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return trimmed(lines.filter { !$0.contains(" rules: ") }.joined(separator: "\n"))
    }

    private func csv(_ results: Results) throws -> String {
        let sink = MemorySink()
        let writer = try DataFormats.makeWriter(path: "result.csv", schema: results.schema, sink: sink)
        for morsel in results.morsels { try writer.write(morsel) }
        try writer.finish()
        return trimmed(sink.text)
    }

    private func trimmed(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.reversed().drop { $0 == " " || $0 == "\r" }.reversed())
        }
        while lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n")
    }
}

/// Exact counts of a profile, by the name that `counter` records use.
package enum Counters {
    package static let table: [String: @Sendable (Profile) -> Int] = [
        "rows_run": { $0.inferRowsRun },
        "rows_asked": { $0.inferRows },
        "duplicates": { $0.duplicates },
        "compared": { $0.compared },
        "conditions_tried": { $0.conditionsTried },
        "batches": { $0.batches },
        "tokens": { $0.tokens },
        "padding": { $0.paddingTokens },
        "infer_operators": { profile in profile.operators.count { $0.infer != nil } },
        "operators": { $0.operators.count },
        "rows_read": { $0.operators.first?.rowsOut ?? 0 },
        "flops": { $0.flops },
        "columns_read": { $0.operators.first.map { columnsRead($0.title) } ?? 0 },
    ]
    /// Of `load 'a.csv' (csv; reads id, text, at most 3 rows)`: 2.
    @Sendable private static func columnsRead(_ title: String) -> Int {
        guard let list = title.split(separator: "; ").first(where: { $0.hasPrefix("reads ") }) else { return 0 }
        return list.split(separator: ",").count { !$0.hasPrefix(" at most ") }
    }
}
