import MartletGraph
import MartletTensor
import Testing

/// Branches and loops: what they compute, and that what they give away stays as it was.
@Suite struct SubgraphTests {
    /// x + step
    private static func adding(_ step: Float, to type: ValueType) throws -> Subgraph {
        var graph = Graph()
        let x = graph.addInput("x", type)
        graph.addOutput("y", try graph.add(BinaryOp(.add), x, graph.addConstant(Tensor(scalar: step))))
        return Subgraph(graph)
    }

    @Test(arguments: [true, false])
    func onlyTheChosenBranchCounts(_ condition: Bool) throws {
        let type = ValueType(.float32, [.symbol("n")])
        var graph = Graph()
        let flag = graph.addInput("flag", ValueType(.bool, []))
        let x = graph.addInput("x", type)
        let op = IfOp(then: try Self.adding(1, to: type), otherwise: try Self.adding(10, to: type))
        graph.addOutput("y", try graph.add(op, flag, x, x))
        let y = try CompiledGraph(graph).run(
            [Tensor(scalar: condition), Tensor(vector: [0, 5] as [Float])], RunContext())[0]
        #expect(y.values(Float.self) == (condition ? [1, 6] : [10, 15]))
    }

    /// A branch that gives back what it was given must not hand out memory that the plan uses again.
    @Test func aBranchThatGivesBackItsInputKeepsItsValue() throws {
        let type = ValueType(.float32, [.fixed(4)])
        var same = Graph()
        same.addOutput("y", same.addInput("x", type))
        var graph = Graph()
        let flag = graph.addInput("flag", ValueType(.bool, []))
        let x = graph.addInput("x", type)
        let doubled = try graph.add(BinaryOp(.add), x, x)
        let kept = try graph.add(IfOp(then: Subgraph(same), otherwise: Subgraph(same)), flag, doubled, doubled)
        // These may take the slot of `doubled`, which the plan believes dead.
        let other = try graph.add(BinaryOp(.mul), x, x)
        let more = try graph.add(BinaryOp(.sub), other, x)
        graph.addOutput("y", try graph.add(BinaryOp(.add), kept, more))
        let context = RunContext()
        let compiled = CompiledGraph(graph)
        for _ in 0..<3 {
            let y = try compiled.run([Tensor(scalar: true), Tensor(vector: [1, 2, 3, 4] as [Float])], context)[0]
            #expect(y.values(Float.self) == [2, 6, 12, 20])
        }
    }

    /// Fibonacci numbers: two carried values, one scan value, what the body takes from outside.
    private static func fibonacci() throws -> Graph {
        var body = Graph()
        _ = body.addInput("round", ValueType(.int64, []))
        let goesOn = body.addInput("on", ValueType(.bool, []))
        let a = body.addInput("a", ValueType(.float32, []))
        let b = body.addInput("b", ValueType(.float32, []))
        let limit = body.addInput("limit", ValueType(.float32, []))
        let sum = try body.add(BinaryOp(.add), a, b)
        let isSmall = try body.add(CompareOp(.lt), sum, limit)
        body.addOutput("on", try body.add(LogicalOp(.and), goesOn, isSmall))
        body.addOutput("a", b)
        body.addOutput("b", sum)
        body.addOutput("all", sum)
        var graph = Graph()
        let rounds = graph.addInput("rounds", ValueType(.int64, []))
        let first = graph.addConstant(Tensor(scalar: Float(1)))
        let bound = graph.addInput("limit", ValueType(.float32, []))
        let results = try graph.add(
            LoopOp(Subgraph(body), carried: 2), [rounds, nil, first, first, bound], name: "fibonacci")
        for (name, value) in zip(["a", "b", "all"], results) { graph.addOutput(name, value) }
        return graph
    }

    @Test func loopsCarryAndStack() throws {
        let compiled = CompiledGraph(try Self.fibonacci())
        let context = RunContext()
        let five = try compiled.run([Tensor(scalar: Int64(5)), Tensor(scalar: Float(1000))], context)
        #expect(five[1].values(Float.self) == [13])
        #expect(five[2].values(Float.self) == [2, 3, 5, 8, 13])
        let upTo20 = try compiled.run([Tensor(scalar: Int64(100)), Tensor(scalar: Float(20))], context)
        #expect(upTo20[2].values(Float.self) == [2, 3, 5, 8, 13, 21])
        let none = try compiled.run([Tensor(scalar: Int64(0)), Tensor(scalar: Float(20))], context)
        #expect(none[0].values(Float.self) == [1])
        #expect(none[2].shape == [0])
    }

    @Test func aLoopWithoutEndIsAnError() throws {
        let compiled = CompiledGraph(try Self.fibonacci())
        let context = RunContext(limits: RunLimits(iterations: 50))
        #expect {
            try compiled.run([Tensor(scalar: Int64.max), Tensor(scalar: Float.infinity)], context)
        } throws: { error in
            guard case GraphError.tooManyIterations(node: "fibonacci", limit: 50) = error else { return false }
            return true
        }
    }

    @Test func aLoopCanBeStopped() throws {
        let flag = CancellationFlag()
        flag.cancel()
        let compiled = CompiledGraph(try Self.fibonacci())
        #expect {
            try compiled.run([Tensor(scalar: Int64(9)), Tensor(scalar: Float(9))], RunContext(cancellation: flag))
        } throws: {
            if case GraphError.cancelled = $0 { true } else { false }
        }
    }

    /// Running sums along axis 1, walked from both ends.
    @Test func scansWalkAnyAxisBothWays() throws {
        var body = Graph()
        let total = body.addInput("total", ValueType(.float32, [.fixed(2)]))
        let slice = body.addInput("slice", ValueType(.float32, [.fixed(2)]))
        let sum = try body.add(BinaryOp(.add), total, slice)
        body.addOutput("total", sum)
        body.addOutput("sums", sum)
        for isReversed in [false, true] {
            var graph = Graph()
            let zero = graph.addConstant(Tensor(vector: [0, 0] as [Float]))
            let x = graph.addInput("x", ValueType(.float32, [.fixed(2), .symbol("n")]))
            let op = ScanOp(
                Subgraph(body), states: 1, inputAxes: [1], inputReversed: [isReversed], outputAxes: [-1],
                outputReversed: [isReversed])
            for value in try graph.add(op, [zero, x]) { graph.addOutput("", value) }
            #expect(graph.type(graph.outputs[1].value).shape == [.fixed(2), .symbol("n")])
            let results = try CompiledGraph(graph).run(
                [Tensor([1, 2, 3, 10, 20, 30] as [Float], shape: [2, 3])], RunContext())
            #expect(results[0].values(Float.self) == [6, 60])
            #expect(results[1].values(Float.self) == (isReversed ? [6, 5, 3, 60, 50, 30] : [1, 3, 6, 10, 30, 60]))
        }
    }

    /// Rules reach the graphs inside ops.
    @Test func bodiesAreOptimized() throws {
        var body = Graph()
        let x = body.addInput("x", ValueType(.float32, [.symbol("n")]))
        body.addOutput("y", try body.add(IdentityOp(), body.add(IdentityOp(), x)))
        var graph = Graph()
        let flag = graph.addInput("flag", ValueType(.bool, []))
        let value = graph.addInput("x", ValueType(.float32, [.symbol("n")]))
        graph.addOutput("y", try graph.add(IfOp(then: Subgraph(body), otherwise: Subgraph(body)), flag, value, value))
        let trace = try optimize(&graph, rules: graphRules, validating: true)
        #expect(trace.count(of: RemoveIdentities.name) > 0)
        let op = try #require(graph.nodes.first?.op as? IfOp)
        #expect(op.then.graph.nodes.isEmpty)
    }

    /// What ops make of strings lives as long as the results do.
    @Test func stringsSurviveTheirRun() throws {
        var graph = Graph()
        let x = graph.addInput("x", ValueType(.string, [.symbol("n")]))
        let places = graph.addInput("places", ValueType(.int64, [.symbol("k")]))
        let picked = try graph.add(GatherOp(), x, places)
        graph.addOutput("picked", try graph.add(ConcatOp(axis: 0), picked, x))
        graph.addOutput("numbers", try graph.add(CastOp(.float32), picked))
        graph.addOutput("again", try graph.add(CastOp(.string), graph.add(CastOp(.int64), picked)))
        let compiled = CompiledGraph(graph)
        let context = RunContext()
        var results: [[Tensor]] = []
        for round in 0..<3 {
            let x = Tensor(strings: ["\(round)", "12", "-7"], shape: [3])
            results.append(try compiled.run([x, Tensor(vector: [2, 0] as [Int64])], context))
        }
        for (round, result) in results.enumerated() {
            #expect(result[0].strings == ["-7", "\(round)", "\(round)", "12", "-7"])
            #expect(result[1].values(Float.self) == [-7, Float(round)])
            #expect(result[2].strings == ["-7", "\(round)"])
        }
        #expect(throws: GraphError.self) {
            try compiled.run([Tensor(strings: ["x"], shape: [1]), Tensor(vector: [0] as [Int64])], context)
        }
    }

    @Test func emptyStringsAreZero() throws {
        var graph = Graph()
        let x = graph.addInput("x", ValueType(.string, [.fixed(2), .fixed(2)]))
        graph.addOutput("places", try graph.add(NonZeroOp(), x))
        let results = try CompiledGraph(graph).run([Tensor(strings: ["0", "", "b", ""], shape: [2, 2])], RunContext())
        #expect(results[0].shape == [2, 2])
        #expect(results[0].values(Int64.self) == [0, 1, 0, 0])
    }

    @Test func onlyOpsForContainersTakeThem() throws {
        var graph = Graph()
        let sequence = graph.addInput("s", .sequence(of: ValueType(.float32, nil)))
        #expect(throws: GraphError.self) { try graph.add(UnaryOp(.abs), sequence) }
        #expect(throws: GraphError.self) { try graph.add(ReshapeOp([.fixed(1)]), sequence) }
        let length = try graph.add(SequenceLengthOp(), sequence)
        #expect(graph.type(length) == ValueType(.int64, []))
    }
}
