/// What inference did and what it was spared: exact counts, shown by `explain analyze`.
package struct InferCounters: Hashable, Sendable {
    package var rows = 0
    /// Rows that a model was really run on.
    package var rowsRun = 0
    /// Rows answered by an equal row of this query.
    package var duplicates = 0
    /// Rows that were compared with others to find equal ones.
    package var compared = 0
    /// Rows with a null argument, which are not run.
    package var nulls = 0
    /// Rows that failed and took the stage's policy.
    package var failures = 0
    package var truncated = 0
    package var batches = 0
    /// Tokens of the rows that were run, special ones included.
    package var tokens = 0
    package var paddingTokens = 0
    package var flops = 0
    /// Blocks of memory that workers' arenas made or enlarged; batches of about one size take none once warm.
    package var allocations = 0
    /// Of models with state: streams seen, and steps, which are as many as the longest stream has rows in each window.
    package var streams = 0
    package var steps = 0
    /// Seconds in which each phase kept threads busy, summed over threads.
    package var tokenizeSeconds = 0.0
    package var runSeconds = 0.0

    package init() {}

    package mutating func add(_ other: InferCounters) {
        rows += other.rows
        rowsRun += other.rowsRun
        duplicates += other.duplicates
        compared += other.compared
        nulls += other.nulls
        failures += other.failures
        truncated += other.truncated
        batches += other.batches
        tokens += other.tokens
        paddingTokens += other.paddingTokens
        flops += other.flops
        allocations += other.allocations
        streams += other.streams
        steps += other.steps
        tokenizeSeconds += other.tokenizeSeconds
        runSeconds += other.runSeconds
    }
}
