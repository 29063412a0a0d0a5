import MartletTensor

/// Rewrites a graph over padded ids [batch, seq] as one over sequences laid end to end, with the same result for each row
/// as the row alone, without padding. nil if that cannot be proved for every output: prune unwanted outputs first.
///
/// Where a row is alone its attention mask is 1 throughout, so whatever is computed from the mask is known. Every other
/// value is found to be the same everywhere, a function of the place in the sequence, one row per token, one row per
/// sequence, or not understood. The graph should have been optimized before, without the finishing rules; optimize the result again.
///
/// - Parameters: names of the graph's inputs: token ids, attention mask, token types, position ids counted from 0.
package func packSequences(
    _ graph: Graph, ids: String, mask: String?, types: String?, positions: String?
) throws -> PackedGraph? {
    guard var packer = SequencePacker(graph, ids: ids) else { return nil }
    for port in graph.inputs {
        switch port.name {
        case ids: packer.bindTokens(port)
        case mask: packer.bindMask(port)
        case types: packer.bindTokens(port)
        case positions: packer.bindPositions(port)
        // Whatever else goes in is not a function of the sequences.
        default: continue
        }
    }
    packer.addSequenceInputs()
    for node in graph.nodes { try packer.rewrite(node) }
    return try packer.finish()
}
