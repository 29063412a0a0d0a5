/// A graph over padded batches, rewritten for sequences laid end to end, and what became of its outputs.
package struct PackedGraph: Sendable {
    package enum OutputKind: Hashable, Sendable {
        /// One row for each token: [tokens, …] where it was [batch, seq, …].
        case tokenwise
        /// One row for each sequence: [rows, …] where it was [batch, …].
        case rowwise
    }

    /// Inputs: the ids (and type ids, if the model takes them), then `positions`, `offsets` and `lengths` of `PackedInputs`.
    package var graph: Graph
    /// In the order of the graph's outputs.
    package var outputs: [OutputKind]
}

/// Names of dimensions in packed graphs.
package enum PackedSymbols {
    /// Token rows in the batch, padding included if there is some.
    package static let tokens = "tokens"
    /// Sequences in the batch.
    package static let rows = "rows"
}
