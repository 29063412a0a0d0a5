import MartletPlanner
import Synchronization

/// What each operator of a running query has done, in the order of the plan's text.
package final class QueryProfile: Sendable {
    package struct Entry: Sendable {
        package var title: String
        /// Depth in the plan, for indenting.
        package var depth: Int
        package var rowsIn = 0
        package var rowsOut = 0
        package var seconds = 0.0
        /// What went to temporary files.
        package var spill = SpillCounters()
        package var infer: [(model: String, counters: InferCounters)] = []
        /// Other exact counts, such as `columns read` or `bytes read`.
        package var notes: [(name: String, value: Int)] = []
    }

    package struct SpillCounters: Hashable, Sendable {
        package var bytes = 0
        package var runs = 0
        package var partitions = 0
    }

    /// Rows of a file that `ignore_errors` left out.
    package struct Skipped: Hashable, Sendable {
        package var file: String
        package var count: Int
        /// Why the first one was left out.
        package var first: String
    }

    private let skippedRows = Mutex<[Skipped]>([])
    package var skipped: [Skipped] { skippedRows.withLock { $0 } }
    func note(_ skipped: Skipped) { skippedRows.withLock { $0.append(skipped) } }

    /// How often each of the executor's rules applied, in the order of their list.
    package var applied: [(rule: String, count: Int)] {
        let counts = appliedRules.withLock { $0 }
        return ExecutionRule.allCases.compactMap { rule in counts[rule].map { (rule.name, $0) } }
    }
    private let appliedRules = Mutex<[ExecutionRule: Int]>([:])
    func note(_ rule: ExecutionRule, _ count: Int = 1) {
        if count > 0 { appliedRules.withLock { $0[rule, default: 0] += count } }
    }

    /// Values that conditions of filters were computed to.
    package var conditionsTried: Int { conditions.withLock { $0 } }
    private let conditions = Mutex(0)
    func noteConditions(_ count: Int) { conditions.withLock { $0 += count } }

    private let sentences = Mutex<[String]>([])
    /// What the user should know of beside counts, such as what was learnt.
    package var remarks: [String] { sentences.withLock { $0 } }
    func note(_ remark: String) { sentences.withLock { $0.append(remark) } }

    private let state = Mutex<[Entry]>([])
    package let meter = ProgressMeter()

    package init() {}

    package var entries: [Entry] { state.withLock { $0 } }

    /// Rows that all loads of the query have read so far.
    package var rowsReadSoFar: Int { meter.rowsRead }

    func add(_ title: String, depth: Int) -> Int {
        state.withLock { entries in
            entries.append(Entry(title: title, depth: depth))
            return entries.count - 1
        }
    }

    func update(_ index: Int, _ change: (inout Entry) -> Void) { state.withLock { change(&$0[index]) } }

    /// What the models of some entries have done.
    func flops(_ indices: Range<Int>) -> Int {
        state.withLock { entries in
            entries[indices].reduce(0) { $0 + $1.infer.reduce(0) { $0 + $1.counters.flops } }
        }
    }

    /// Sum of all models' counters.
    package var inferTotal: InferCounters {
        state.withLock { entries in
            var total = InferCounters()
            for entry in entries { for infer in entry.infer { total.add(infer.counters) } }
            return total
        }
    }
}
