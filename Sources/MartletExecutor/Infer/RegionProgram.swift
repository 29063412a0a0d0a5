import MartletGraph
import MartletTensor
import MartletTokenizers

/// A region's tensor graph, ready to be fed with batches: a root model and whatever was lowered onto its outputs.
package struct RegionProgram: Sendable {
    /// What each graph input is fed with.
    enum Feed: Sendable, Equatable {
        case tokenIDs, typeIDs, attentionMask
        case positions, offsets, lengths
        /// Argument number `n` of the root model's call, rows × shape.
        case argument(Int)
        /// Number `n` of the states that rows hand on, rows × shape.
        case state(Int)
    }

    /// How text is laid out.
    enum Layout: Sendable, Equatable {
        /// Sequences one after the other: ids [tokens], offsets [rows + 1].
        case packed
        /// Sequences in rows of equal length: ids [rows, longest].
        case rectangle
        /// No text at all.
        case tensors
    }

    let graph: CompiledGraph
    let layout: Layout
    /// In the order of the graph's inputs.
    let feeds: [Feed]
    let text: TextEncoding?
    /// Positions a row may take when the graph itself fixes its first dimension (exported with batch 1), else nil.
    let fixedBatch: Int?
    /// Outputs of the graph, counted from its last ones, that are the states of the next rows.
    var stateCount = 0
    /// Of the outputs that are no state.
    var kinds: [OutputKind] = []

    /// Whether batches must not mix lengths, because rows of an output would be padded.
    var keepsLengthsApart: Bool { layout == .rectangle && kinds.contains { $0 != .uniform } }
}

/// How a model's strings become token ids.
struct TextEncoding: Sendable {
    let tokenizer: Tokenizer
    /// Longest input in tokens, special ones included; nil if the model has no limit.
    let maxTokens: Int?
    /// Longer text is cut and counted; otherwise it is an error of the row.
    let truncates: Bool
    /// Two strings make one input.
    let takesPairs: Bool
}
