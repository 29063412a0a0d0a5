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
            case .query, .error: return outcome(record.script, extra: "")
            case .explain: return plan(record.script)
            case .samePlan: return plan(record.script) == plan(record.expected) ? record.expected : plan(record.script)
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

    private func outcome(_ script: String, extra: String) -> String {
        do {
            let results = try session(extra).run(script, name: "test")
            return try csv(results)
        } catch let error as MartletError {
            return trimmed(error.description)
        } catch {
            return "\(error)"
        }
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

    private func plan(_ script: String) -> String {
        var text = ""
        do {
            let prepared = try session("").prepare("explain " + script, name: "test")
            try prepared.execute { event in
                if case .plan(let plan) = event { text += plan }
            }
        } catch {
            text += "\(error)"
        }
        return trimmed(text)
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
        "tokens": { $0.tokens },
        "padding": { $0.paddingTokens },
        "infer_operators": { profile in profile.operators.count { $0.infer != nil } },
        "operators": { $0.operators.count },
        "rows_read": { $0.operators.first?.rowsOut ?? 0 },
        "flops": { $0.flops },
        "columns_read": { $0.operators.first.map { $0.title.split(separator: ",").count } ?? 0 },
    ]
}
