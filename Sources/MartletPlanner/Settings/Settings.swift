/// What `set` can change, typed. Physical settings never change results or row order.
package struct Settings: Hashable, Sendable {
    /// nil: as many as there are cores.
    package var threads: Int?
    package var batch: BatchAdvice = .auto
    /// What `sample` chooses by.
    package var seed = 0
    /// Names of rules, of plan or graph, that are switched off.
    package var disabled: Set<String> = []
    package var morselRows = 2_048
    /// Whether sequences of different length share a batch without padding.
    package var pack = true
    /// Bytes; nil: the executor's default.
    package var memoryLimit: Int?
    /// Bytes of answers that are kept for later queries; nil: none are.
    package var memo: Int?
    /// Folder of temporary files; nil: the system's.
    package var temporaryFolder: String?
    /// Rounds of one loop in a model; nil: the executor's default.
    package var maxIterations: Int?
    /// Output format of results; nil: a table on a terminal, else CSV.
    package var format: String?
    /// Whether a progress line is shown on long work.
    package var progress = true

    package init() {}
}
