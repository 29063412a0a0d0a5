import MartletData

/// Runs a region over windows of rows, in row order.
protocol RegionRunner: AnyObject {
    /// Answers for the rows of `arguments`, which are those of the root model's call.
    ///
    /// `streams` says which stream each row belongs to, for models with state; nil: all to one.
    /// Throws `GraphError.cancelled`; failures of single rows are returned.
    func run(_ arguments: [Column], streams: Column?, rowCount: Int) throws -> WindowAnswers
    var counters: InferCounters { get }
}
