import MartletGraph
import MartletSupport
import MartletTensor
import Testing

/// Sizes and amounts of work that no run may take: each is an error that names op and node, or an empty result.
struct HostileSizeTests {
    /// A loop that is asked for `rounds` rounds, each of which keeps a copy of x [256] (1 KiB).
    private static func keepingLoop(rounds: Int64) throws -> CompiledGraph {
        var body = Graph()
        _ = body.addInput("round", ValueType(.int64, []))
        _ = body.addInput("goes_on", ValueType(.bool, []))
        let value = body.addInput("value", ValueType(.float32, [.fixed(256)]))
        let one = body.addConstant(Tensor(scalar: Float(1)))
        let more = try body.add(BinaryOp(.add), value, one, name: "more")
        body.addOutput("goes_on", body.addConstant(Tensor(scalar: true)))
        body.addOutput("kept", more)
        var graph = Graph()
        let x = graph.addInput("x", ValueType(.float32, [.fixed(256)]))
        let count = graph.addConstant(Tensor(scalar: rounds))
        let ids = try graph.add(LoopOp(Subgraph(body), carried: 0), [count, nil, x], name: "keeper")
        graph.addOutput("kept", ids[0])
        return CompiledGraph(graph)
    }

    private static let x = Tensor([Float](repeating: 0, count: 256), shape: [256])

    @Test func memoryOfAllRoundsIsLimitedTogether() throws {
        let loop = try Self.keepingLoop(rounds: 1000)
        #expect(try loop.run([Self.x], RunContext(limits: RunLimits(memory: 4 << 20)))[0].shape == [1000, 256])
        #expect {
            try loop.run([Self.x], RunContext(limits: RunLimits(memory: 256 << 10)))
        } throws: { error in
            guard case GraphError.tensor(let op, let node, .memoryLimit(_, let used, let limit)) = error else {
                return false
            }
            return op == "Binary" && node == "more" && limit == 256 << 10 && used <= limit
        }
    }

    @Test func resultsOfEarlierRunsAreNotCharged() throws {
        let loop = try Self.keepingLoop(rounds: 100)
        let context = RunContext(limits: RunLimits(memory: 300 << 10))
        let results = try (0..<10).map { _ in try loop.run([Self.x], context)[0] }
        #expect(results.allSatisfy { $0.shape == [100, 256] })
    }

    @Test func workOfAllRoundsIsLimitedTogether() throws {
        let loop = try Self.keepingLoop(rounds: 1 << 40)
        #expect {
            try loop.run([Self.x], RunContext(limits: RunLimits(work: 1_000_000)))
        } throws: { error in
            guard case GraphError.tooMuchWork(_, "more", 1_000_000) = error else { return false }
            return true
        }
    }

    @Test func workIsRefusedBeforeItBegins() throws {
        var graph = Graph()
        let a = graph.addInput("a", ValueType(.float32, [.unknown, .unknown]))
        graph.addOutput("y", try graph.add(MatMulOp(), a, a, name: "product"))
        let square = Tensor([Float](repeating: 1, count: 64 * 64), shape: [64, 64])
        let compiled = CompiledGraph(graph)
        #expect(try compiled.run([square], RunContext(limits: RunLimits(work: 2 * 64 * 64 * 64)))[0].shape == [64, 64])
        #expect {
            try compiled.run([square], RunContext(limits: RunLimits(work: 2 * 64 * 64 * 64 - 1)))
        } throws: { error in
            guard let error = error as? GraphError, case .tooMuchWork = error else { return false }
            return error.explanation.message.contains("MatMul") && error.explanation.notes == ["at node `product`"]
        }
    }

    /// Found by fuzzing: the count was converted before it was bounded.
    @Test func rangeOfVeryNegativeLengthIsEmpty() throws {
        var graph = Graph()
        let ids = ["start", "limit", "delta"].map { graph.addInput($0, ValueType(.float32, [])) }
        graph.addOutput("y", try graph.add(RangeOp(), ids, name: "range")[0])
        let inputs = [1, -1e38, 1e-38].map { Tensor(scalar: Float($0)) }
        #expect(try CompiledGraph(graph).run(inputs, RunContext())[0].shape == [0])
    }

    /// Found by fuzzing: an input that gives a shape said that it has more elements than can be counted.
    @Test func shapesOfCountlessDimensionsAreUnknown() throws {
        var graph = Graph()
        let x = graph.addInput("x", ValueType(.float32, [.fixed(2)]))
        let shape = graph.addInput("shape", ValueType(.int64, [.fixed(1 << 62), .fixed(1 << 62)]))
        for op in [ReshapeOp(), ExpandOp()] as [any GraphOp] {
            let result = try graph.add(op, [x, shape])[0]
            #expect(graph.type(result).rank == nil)
        }
        let filled = try graph.add(ConstantOfShapeOp(), [shape])[0]
        #expect(graph.type(filled).rank == nil)
        let bound = graph.addInput("bound", ValueType(.float32, [.fixed(1 << 62), .fixed(1 << 62)]))
        #expect(throws: GraphError.self) { try graph.add(ClipOp(), [x, bound]) }
        #expect(throws: GraphError.self) { try graph.add(QuantizeOp(.int8), [x, bound]) }
    }

    /// What is inferred for any n holds for n = 0 too, where no elements tell what -1 stands for.
    @Test(arguments: [3, 0]) func reshapeOfNothingHasTheInferredShape(n: Int) throws {
        var graph = Graph()
        let x = graph.addInput("x", ValueType(.float32, [.fixed(2), .symbol("n"), .fixed(9), .fixed(8)]))
        let y = try graph.add(ReshapeOp([.fixed(0), .fixed(0), .fixed(-1)]), x)
        graph.addOutput("y", y)
        #expect(graph.type(y).shape == [.fixed(2), .symbol("n"), .fixed(72)])
        let results = try CompiledGraph(graph).run([Tensor(.float32, shape: [2, n, 9, 8])], RunContext())
        #expect(results[0].shape == [2, n, 72])
    }

    /// More zeros than the shape accounts for leave nothing.
    @Test func reshapeOfNothingToUnrelatedLengths() throws {
        var graph = Graph()
        let x = graph.addInput("x", ValueType(.float32, [.unknown, .unknown]))
        graph.addOutput("y", try graph.add(ReshapeOp([.fixed(5), .fixed(-1)]), x))
        #expect(try CompiledGraph(graph).run([Tensor(.float32, shape: [0, 7])], RunContext())[0].shape == [5, 0])
    }
}
