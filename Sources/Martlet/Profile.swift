import MartletExecutor

/// What a run did and what it was spared. Counts are exact; seconds are as measured.
public struct Profile: Sendable {
    /// Rows that were asked of models.
    public var inferRows = 0
    /// Rows that models really ran.
    public var inferRowsRun = 0
    /// Rows answered by an equal row.
    public var duplicates = 0
    /// Rows that were compared with others to find equal ones.
    public var compared = 0
    public var batches = 0
    public var tokens = 0
    public var paddingTokens = 0
    /// Rows whose text was cut to what the model takes.
    public var truncated = 0
    /// Floating-point operations of all models.
    public var flops = 0
    public var seconds = 0.0
    /// Values that conditions of filters were computed to.
    public var conditionsTried = 0
    public var operators: [Operator] = []
    /// Files that the query wrote.
    public var files: [File] = []
    /// Rows that a reader left out because it was told to.
    public var skippedRows = 0
    /// Sentences of what a query learnt, such as the thresholds of a cascade.
    public var remarks: [String] = []

    /// One operator of the plan.
    public struct Operator: Sendable {
        public var title: String
        public var depth: Int
        public var rowsIn: Int
        public var rowsOut: Int
        public var seconds: Double
        public var infer: Infer?
        /// nil if all rows stayed in memory.
        public var spill: Spill?
    }

    /// What an operator wrote to temporary files.
    public struct Spill: Hashable, Sendable {
        public var bytes: Int
        /// Sorted runs.
        public var runs: Int
        /// Parts by the hash of keys.
        public var partitions: Int
    }

    /// Inference of one operator.
    public struct Infer: Hashable, Sendable {
        public var rows: Int
        public var rowsRun: Int
        public var duplicates: Int
        public var nulls: Int
        public var failures: Int
        public var truncated: Int
        public var batches: Int
        public var tokens: Int
        public var paddingTokens: Int
        public var flops: Int
        /// Blocks of memory that workers' arenas made or enlarged; warm batches of about one size take none.
        public var allocations: Int
        public var tokenizeSeconds: Double
        /// Seconds of all threads in batches.
        public var runSeconds: Double
        /// Of a model with state: streams, and steps, which are as many as the longest stream has rows in each window.
        public var streams: Int
        public var steps: Int
    }

    public struct File: Hashable, Sendable {
        public var path: String
        public var rows: Int
        public var bytes: Int
    }

    init() {}

    init(_ context: QueryContext, seconds: Double) {
        let total = context.profile.inferTotal
        inferRows = total.rows
        inferRowsRun = total.rowsRun
        duplicates = total.duplicates
        compared = total.compared
        conditionsTried = context.profile.conditionsTried
        batches = total.batches
        tokens = total.tokens
        paddingTokens = total.paddingTokens
        truncated = total.truncated
        flops = total.flops
        self.seconds = seconds
        operators = context.profile.entries.map { entry in
            Operator(
                title: entry.title, depth: entry.depth, rowsIn: entry.rowsIn, rowsOut: entry.rowsOut,
                seconds: entry.seconds, infer: entry.infer.first.map { Infer($0.counters) },
                spill: entry.spill.bytes == 0
                    ? nil
                    : Spill(bytes: entry.spill.bytes, runs: entry.spill.runs, partitions: entry.spill.partitions))
        }
        files = context.files.map { File(path: $0.path, rows: $0.rows, bytes: $0.bytes) }
        skippedRows = context.profile.skipped.reduce(0) { $0 + $1.count }
        remarks = context.profile.remarks
    }
}

extension Profile.Infer {
    init(_ counters: InferCounters) {
        rows = counters.rows
        rowsRun = counters.rowsRun
        duplicates = counters.duplicates
        nulls = counters.nulls
        failures = counters.failures
        truncated = counters.truncated
        batches = counters.batches
        tokens = counters.tokens
        paddingTokens = counters.paddingTokens
        flops = counters.flops
        allocations = counters.allocations
        tokenizeSeconds = counters.tokenizeSeconds
        runSeconds = counters.runSeconds
        streams = counters.streams
        steps = counters.steps
    }
}
