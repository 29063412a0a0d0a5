import MartletGraph
import MartletPlanner

/// How a region is run; physical choices only.
struct InferOptions: Sendable {
    var advice: BatchPolicy = .auto
    /// Lay sequences out at equal length with padding instead of packing them.
    var padding = false
    /// Answer equal rows once.
    var sharesDuplicates = true
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
