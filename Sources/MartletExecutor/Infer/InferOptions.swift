import MartletGraph
import MartletPlanner

/// How a region is run; physical choices only.
struct InferOptions: Sendable {
    var advice: BatchPolicy = .auto
    /// Lay sequences out at equal length with padding instead of packing them.
    var padding = false
    /// Answer equal rows once.
    var sharesDuplicates = true
    /// Give that up where it does not pay.
    var stopsSharing = true
    /// All rows ask the same: run one of them.
    var asksOnce = false
    /// What answers are kept under; equal for all that ask the same of the same models.
    var answerKey: RegionKey?
    /// For graphs that only run on rectangles: mix lengths in a batch and pad, instead of batches of one length.
    var allowsPadding = false
    var limits = RunLimits()

    /// The policy for a program: models without text count rows, not tokens.
    func batch(_ program: RegionProgram) -> BatchPolicy {
        guard program.layout == .tensors else { return advice }
        switch advice {
        case .auto: return .rows(BatchPolicy.autoRows)
        case .rows, .tokens: return advice
        }
    }
}
