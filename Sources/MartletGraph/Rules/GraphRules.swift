/// The rules in order; they run again and again until none applies.
package let graphRules: [any GraphRule] = [
    // Before constants are folded: quantized weights stay bytes, a transposed weight is read as it is stored.
    FuseIntegers(),
    FuseLinear(),
    SharpenTypes(),
    FoldShapes(),
    FoldConstants(),
    InlineBranches(),
    SquarePowers(),
    RemoveIdentities(),
    ShareSubgraphs(),
    RecognizeActivations(),
    FuseLayerNorm(),
    FuseBias(),
    // Weights take what is constant before an activation or a residual closes the convolution.
    FoldBatchNorm(),
    FactorSum(),
    FuseConv(),
    FuseActivation(),
    FuseAttention(),
    FuseQKV(),
    FuseEmbedding(),
    FuseResidual(),
    RemoveDead(),
]

/// Rules that hide what others look for: they run once, when the others have come to rest.
package let finishingRules: [any GraphRule] = [FuseOneHot(), FuseElementwise(), RemoveDead()]

extension Graph {
    /// Applies all rules but those in `disabled` (`all` for none).
    ///
    /// - Parameter finishing: whether to end with the `finishingRules`; false before `packSequences`.
    package mutating func optimize(
        disabled: Set<String> = [], finishing: Bool = true, validating: Bool = false
    ) throws -> RuleTrace {
        var trace = try MartletGraph.optimize(
            &self, rules: graphRules, disabled: disabled, rounds: 16, validating: validating)
        guard finishing else { return trace }
        let last = try MartletGraph.optimize(
            &self, rules: finishingRules, disabled: disabled, rounds: 2, validating: validating)
        for (rule, count) in last.applications { trace.record(rule, count) }
        return trace
    }
}
