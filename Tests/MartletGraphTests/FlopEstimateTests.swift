import MartletGraph
import MartletTensor
import Testing

@Suite struct FlopEstimateTests {
    @Test func countsProductsAndAttention() throws {
        var graph = try SmallBert(head: .tokens).graph()
        _ = try graph.optimize(finishing: false)
        let packed = try #require(
            try packSequences(graph, ids: "input_ids", mask: "attention_mask", types: nil, positions: nil))
        var result = packed.graph
        _ = try result.optimize()
        let batch = TestBatch(seed: 1, lengths: [6, 6])
        let context = RunContext()
        _ = try CompiledGraph(result).run(batch.packed(), context)
        let estimate = result.flopsEstimate(bindings: ["tokens": 12, "rows": 2])
        #expect(!estimate.isLowerBound && estimate.flops == context.flops)
        // Four squares, twice hidden by double width, per token and layer; attention on top.
        #expect(estimate.flops > 2 * 12 * 2 * (4 * 16 * 16 + 2 * 16 * 32))
    }

    @Test func saysWhatItLeavesOut() throws {
        var graph = Graph()
        let x = graph.addInput("x", ValueType(.float32, nil))
        graph.addOutput("y", try graph.add(UnaryOp(.exp), x))
        #expect(graph.flopsEstimate(bindings: [:]) == (0, true))
    }
}
