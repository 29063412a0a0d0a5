import MartletGraph
import MartletTensor
import Testing

/// A small graph with float inputs of given shapes, run before and after a rule.
struct RuleCase: CustomTestStringConvertible, Sendable {
    var rule: any GraphRule
    var name: String
    /// How often the rule applies; 0 where it must not.
    var applies: Int
    /// Ops left afterwards, dead ones removed.
    var left: [String]
    var shapes: [[Int]]
    var build: @Sendable (inout Graph, [ValueID]) throws -> [ValueID]

    var testDescription: String { "\(type(of: rule).name): \(name)" }
}

@Suite struct RuleTests {
    @Test(arguments: cases) func keepsResults(_ test: RuleCase) throws {
        var graph = Graph()
        let inputs = test.shapes.enumerated().map { index, shape in
            graph.addInput(
                "x\(index)", ValueType(.float32, shape.enumerated().map { $0 == 0 ? .symbol("n") : .fixed($1) }))
        }
        for (index, id) in try test.build(&graph, inputs).enumerated() { graph.addOutput("y\(index)", id) }
        var rewritten = graph
        let count = try test.rule.apply(to: &rewritten)
        #expect(count == test.applies)
        _ = try RemoveDead().apply(to: &rewritten)
        #expect(rewritten.validate() == nil)
        #expect(rewritten.nodes.map { type(of: $0.op).name } == test.left)
        var numbers = TestNumbers(seed: 11)
        let given = test.shapes.map { numbers.tensor($0, scale: 2) }
        let before = try CompiledGraph(graph).run(given, RunContext())
        let after = try CompiledGraph(rewritten).run(given, RunContext())
        for (a, b) in zip(before, after) {
            try #require(a.dtype == b.dtype && a.shape == b.shape)
            if a.dtype == .float32 { #expect(largestDifference(a, b) < 2e-6) }
        }
    }

    @Test func eachRuleHasACaseThatAppliesAndOneThatMustNot() {
        for rule in graphRules + finishingRules {
            let name = type(of: rule).name
            let own = Self.cases.filter { type(of: $0.rule).name == name }
            #expect(own.contains { $0.applies > 0 } && own.contains { $0.applies == 0 }, "\(name)")
        }
    }

    @Test func whatFailsWhenItIsFoldedFailsWhenItIsRun() throws {
        var graph = Graph()
        let place = graph.addConstant(Tensor(scalar: Int64(9)))
        graph.addOutput("y", try graph.add(GatherOp(), Self.weight(&graph, [3, 2]), place, name: "pick"))
        _ = try graph.optimize(validating: true)
        let compiled = CompiledGraph(graph)
        #expect(throws: GraphError.self) { try compiled.run([], RunContext()) }
    }

    @Test func namesAreUnique() {
        let names = (graphRules + finishingRules).map { type(of: $0).name }
        #expect(Set(names).count == names.count - 1, "remove_dead closes both lists, others stand once")
    }

    static func scalar(_ graph: inout Graph, _ value: Float) -> ValueID {
        graph.addConstant(Tensor(scalar: value))
    }
    static func weight(_ graph: inout Graph, _ shape: [Int], seed: UInt64 = 5) -> ValueID {
        var numbers = TestNumbers(seed: seed)
        return graph.addConstant(numbers.tensor(shape))
    }

    static let cases: [RuleCase] = folding + fusing + activations + convolutions + integers + control

    private static let folding: [RuleCase] = [
        RuleCase(rule: FoldConstants(), name: "sum of constants", applies: 1, left: ["Binary"], shapes: [[2, 3]]) {
            g, x in
            let sum = try g.add(BinaryOp(.add), scalar(&g, 1), scalar(&g, 2))
            return [try g.add(BinaryOp(.mul), x[0], sum)]
        },
        RuleCase(rule: FoldConstants(), name: "depends on an input", applies: 0, left: ["Shape"], shapes: [[2, 3]]) {
            g, x in
            [try g.add(ShapeOp(), x[0])]
        },
        RuleCase(rule: FoldConstants(), name: "fixed dimension", applies: 1, left: [], shapes: [[2, 3]]) { g, x in
            [try g.add(ShapeOp(start: 1), x[0])]
        },
        RuleCase(rule: FoldShapes(), name: "reshape by shape", applies: 4, left: ["Reshape"], shapes: [[2, 6]]) {
            g, x in
            let rows = try g.add(GatherOp(), try g.add(ShapeOp(), x[0]), g.addConstant(Tensor(vector: [Int64(0)])))
            let shape = try g.add(ConcatOp(axis: 0), [rows, g.addConstant(Tensor(vector: [Int64(3), 2]))])[0]
            return [try g.add(ReshapeOp(), x[0], shape)]
        },
        RuleCase(
            rule: FoldShapes(), name: "shape known when run", applies: 0, left: ["Cast", "Reshape"], shapes: [[2]]
        ) {
            g, x in
            let shape = try g.add(CastOp(.int64), try g.add(UnaryOp(.abs), x[0]))
            _ = shape
            let target = try g.add(CastOp(.int64), g.addConstant(Tensor(vector: [Float(-1)])))
            return [try g.add(ReshapeOp(), x[0], target)]
        },
        RuleCase(rule: RemoveIdentities(), name: "neutral ops", applies: 5, left: ["Unary"], shapes: [[2, 3]]) { g, x in
            var value = try g.add(IdentityOp(), x[0])
            value = try g.add(BinaryOp(.mul), value, scalar(&g, 1))
            value = try g.add(UnaryOp(.exp), value)
            value = try g.add(BinaryOp(.add), scalar(&g, 0), value)
            value = try g.add(CastOp(.float32), value)
            return [try g.add(TransposeOp([0, 1]), value)]
        },
        RuleCase(
            rule: RemoveIdentities(), name: "a one that adds dimensions", applies: 0, left: ["Binary"], shapes: [[3]]
        ) {
            g, x in [try g.add(BinaryOp(.mul), x[0], g.addConstant(Tensor([Float(1), 1], shape: [2, 1])))]
        },
        RuleCase(
            rule: RemoveIdentities(), name: "transposes meet", applies: 1, left: ["Transpose"], shapes: [[2, 3, 4]]
        ) {
            g, x in [try g.add(TransposeOp([2, 0, 1]), try g.add(TransposeOp([1, 0, 2]), x[0]))]
        },
        RuleCase(rule: ShareSubgraphs(), name: "twice the same", applies: 1, left: ["Unary", "Binary"], shapes: [[2]]) {
            g, x in
            [try g.add(BinaryOp(.add), try g.add(UnaryOp(.exp), x[0]), try g.add(UnaryOp(.exp), x[0]))]
        },
        RuleCase(
            rule: ShareSubgraphs(), name: "other attributes", applies: 0, left: ["Unary", "Unary", "Binary"],
            shapes: [[2]]
        ) { g, x in
            let (a, b) = (try g.add(UnaryOp(.elu, a: 1), x[0]), try g.add(UnaryOp(.elu, a: 2), x[0]))
            return [try g.add(BinaryOp(.add), a, b)]
        },
        RuleCase(rule: RemoveDead(), name: "unused", applies: 1, left: ["Unary"], shapes: [[2]]) { g, x in
            _ = try g.add(UnaryOp(.exp), x[0])
            return [try g.add(UnaryOp(.tanh), x[0])]
        },
        RuleCase(rule: RemoveDead(), name: "all used", applies: 0, left: ["Unary"], shapes: [[2]]) { g, x in
            [try g.add(UnaryOp(.exp), x[0])]
        },
    ]

    private static let fusing: [RuleCase] = [
        RuleCase(rule: FuseLinear(), name: "transposed weight", applies: 1, left: ["Linear"], shapes: [[2, 3, 4]]) {
            g, x in
            [try g.add(MatMulOp(), x[0], try g.add(TransposeOp(), weight(&g, [5, 4])))]
        },
        RuleCase(rule: FuseLinear(), name: "gemm", applies: 1, left: ["Linear"], shapes: [[2, 4]]) { g, x in
            [try g.add(GemmOp(transposeB: true), x[0], weight(&g, [5, 4]), weight(&g, [5]))]
        },
        RuleCase(rule: FuseLinear(), name: "scaled gemm", applies: 0, left: ["Gemm"], shapes: [[2, 4]]) { g, x in
            [try g.add(GemmOp(alpha: 2), x[0], weight(&g, [4, 5]))]
        },
        RuleCase(rule: FuseBias(), name: "after linear", applies: 1, left: ["Linear"], shapes: [[2, 4]]) { g, x in
            let product = try g.add(LinearOp(isTransposed: false), x[0], weight(&g, [4, 5]))
            return [try g.add(BinaryOp(.add), weight(&g, [1, 5]), product)]
        },
        RuleCase(rule: FuseBias(), name: "used elsewhere", applies: 0, left: ["Linear", "Binary"], shapes: [[2, 4]]) {
            g, x in
            let product = try g.add(LinearOp(isTransposed: false), x[0], weight(&g, [4, 5]))
            return [product, try g.add(BinaryOp(.add), product, weight(&g, [5]))]
        },
        RuleCase(rule: FuseActivation(), name: "relu", applies: 1, left: ["Linear"], shapes: [[2, 4]]) { g, x in
            [try g.add(UnaryOp(.relu), try g.add(LinearOp(isTransposed: false), x[0], weight(&g, [4, 5])))]
        },
        RuleCase(rule: FuseActivation(), name: "exp", applies: 0, left: ["Linear", "Unary"], shapes: [[2, 4]]) { g, x in
            [try g.add(UnaryOp(.exp), try g.add(LinearOp(isTransposed: false), x[0], weight(&g, [4, 5])))]
        },
        RuleCase(rule: FuseResidual(), name: "linear", applies: 1, left: ["Linear"], shapes: [[2, 4]]) { g, x in
            [try g.add(BinaryOp(.add), x[0], try g.add(LinearOp(isTransposed: false), x[0], weight(&g, [4, 4])))]
        },
        RuleCase(rule: FuseResidual(), name: "norm", applies: 1, left: ["LayerNorm"], shapes: [[2, 4], [2, 4]]) {
            g, x in
            [try g.add(LayerNormOp(), try g.add(BinaryOp(.add), x[0], x[1]))]
        },
        RuleCase(
            rule: FuseResidual(), name: "broadcast", applies: 0, left: ["Linear", "Binary"], shapes: [[2, 4], [2, 1]]
        ) {
            g, x in
            [try g.add(BinaryOp(.add), x[1], try g.add(LinearOp(isTransposed: false), x[0], weight(&g, [4, 4])))]
        },
        RuleCase(rule: FuseQKV(), name: "one input", applies: 1, left: ["Linear", "Attention"], shapes: [[2, 3, 4]]) {
            g, x in
            let parts = try (1...3).map { try g.add(LinearOp(isTransposed: true), x[0], weight(&g, [4, 4], seed: $0)) }
            return [try g.add(AttentionOp(heads: 2, scale: 0.7), parts)[0]]
        },
        RuleCase(
            rule: FuseQKV(), name: "two inputs", applies: 0, left: ["Linear", "Linear", "Linear", "Attention"],
            shapes: [[2, 3, 4], [2, 3, 4]]
        ) { g, x in
            let parts = try (0..<3).map {
                try g.add(LinearOp(isTransposed: true), x[$0 / 2], weight(&g, [4, 4], seed: UInt64($0)))
            }
            return [try g.add(AttentionOp(heads: 2, scale: 0.7), parts)[0]]
        },
        RuleCase(rule: FuseEmbedding(), name: "two tables", applies: 2, left: ["Embedding"], shapes: []) { g, _ in
            let ids = g.addConstant(Tensor(vector: [Int64(2), 0, 1]))
            let sum = try g.add(
                BinaryOp(.add), try g.add(GatherOp(), weight(&g, [3, 4]), ids),
                try g.add(GatherOp(), weight(&g, [5, 4], seed: 9), ids))
            return [try g.add(LayerNormOp(), sum)]
        },
        RuleCase(
            rule: FuseEmbedding(), name: "other axis", applies: 0, left: ["Gather", "Gather", "Binary"], shapes: []
        ) {
            g, _ in
            let ids = g.addConstant(Tensor(vector: [Int64(2), 0, 1]))
            let (a, b) = (weight(&g, [4, 3]), weight(&g, [4, 5]))
            return [
                try g.add(BinaryOp(.add), try g.add(GatherOp(axis: 1), a, ids), try g.add(GatherOp(axis: 1), b, ids))
            ]
        },
        RuleCase(rule: FuseOneHot(), name: "numbers", applies: 1, left: ["Cast", "NumberedRows"], shapes: [[9, 1]]) {
            g, x in
            // -2…2, of which 0 and 1 have rows
            let numbers = try g.add(CastOp(.int64), x[0])
            let marks = try g.add(CompareOp(.eq), numbers, g.addConstant(Tensor([Int64(0), 1], shape: [1, 2])))
            let linear = LinearOp(isTransposed: false, activation: .geluTanh)
            return [try g.add(linear, try g.add(CastOp(.float32), marks), weight(&g, [2, 3]), weight(&g, [3]))]
        },
        RuleCase(
            rule: FuseOneHot(), name: "other numbers", applies: 0, left: ["Cast", "Compare", "Cast", "Linear"],
            shapes: [[9, 1]]
        ) { g, x in
            let numbers = try g.add(CastOp(.int64), x[0])
            let marks = try g.add(CompareOp(.eq), numbers, g.addConstant(Tensor([Int64(1), 0], shape: [1, 2])))
            return [
                try g.add(LinearOp(isTransposed: false), try g.add(CastOp(.float32), marks), weight(&g, [2, 3]), nil)
            ]
        },
        RuleCase(
            rule: FuseElementwise(), name: "chain", applies: 1, left: ["FusedElementwise"],
            shapes: [[40, 33], [40, 33]]
        ) { g, x in
            let scaled = try g.add(BinaryOp(.mul), x[0], weight(&g, [33]))
            let sum = try g.add(BinaryOp(.add), try g.add(UnaryOp(.tanh), scaled), x[1])
            return [try g.add(BinaryOp(.sub), scalar(&g, 2), try g.add(BinaryOp(.mul), sum, x[0]))]
        },
        RuleCase(
            rule: FuseElementwise(), name: "used twice", applies: 0, left: ["Unary", "Unary"], shapes: [[4]]
        ) { g, x in
            let y = try g.add(UnaryOp(.tanh), x[0])
            return [y, try g.add(UnaryOp(.exp), y)]
        },
        RuleCase(rule: FuseLayerNorm(), name: "spelled out", applies: 1, left: ["LayerNorm"], shapes: [[3, 8]]) {
            g, x in
            [try spelledNorm(&g, x[0], axis: -1)]
        },
        RuleCase(
            rule: FuseLayerNorm(), name: "another axis", applies: 0,
            left: ["Reduce", "Binary", "Binary", "Reduce", "Binary", "Unary", "Binary"], shapes: [[3, 8, 2]]
        ) { g, x in [try spelledNorm(&g, x[0], axis: 1)] },
        RuleCase(
            rule: FuseAttention(), name: "cross-attention with bias", applies: 1, left: ["Attention"],
            shapes: [[2, 3, 8], [2, 5, 8], [2, 2, 3, 5]]
        ) { g, x in [try spelledAttention(&g, x, softmaxAxis: -1)] },
        RuleCase(
            rule: FuseAttention(), name: "softmax over queries", applies: 0,
            left: [
                "Reshape", "Transpose", "Reshape", "Transpose", "Reshape", "Transpose", "MatMul", "Binary", "Binary",
                "Softmax", "MatMul", "Transpose", "Reshape",
            ], shapes: [[2, 3, 8], [2, 5, 8], [2, 2, 3, 5]]
        ) { g, x in [try spelledAttention(&g, x, softmaxAxis: 2)] },
    ]

    private static func spelledNorm(_ g: inout Graph, _ x: ValueID, axis: Int) throws -> ValueID {
        let difference = try g.add(BinaryOp(.sub), x, try g.add(ReduceOp(.mean, axes: [axis]), x))
        let variance = try g.add(
            ReduceOp(.mean, axes: [axis]), try g.add(BinaryOp(.mul), difference, difference))
        let root = try g.add(UnaryOp(.sqrt), try g.add(BinaryOp(.add), scalar(&g, 1e-5), variance))
        return try g.add(BinaryOp(.div), difference, root)
    }

    private static func spelledAttention(_ g: inout Graph, _ x: [ValueID], softmaxAxis: Int) throws -> ValueID {
        let n = Dim.symbol("n")
        func split(_ x: ValueID, _ tokens: Int, _ order: [Int]) throws -> ValueID {
            let cut = try g.add(ReshapeOp([n, .fixed(tokens), .fixed(2), .fixed(4)]), x)
            return try g.add(TransposeOp(order), cut)
        }
        let q = try split(x[0], 3, [0, 2, 1, 3])
        let k = try split(x[1], 5, [0, 2, 3, 1])
        let v = try split(x[1], 5, [0, 2, 1, 3])
        let scores = try g.add(BinaryOp(.mul), try g.add(MatMulOp(), q, k), scalar(&g, 0.5))
        let weights = try g.add(SoftmaxOp(axis: softmaxAxis), try g.add(BinaryOp(.add), scores, x[2]))
        let joined = try g.add(TransposeOp([0, 2, 1, 3]), try g.add(MatMulOp(), weights, v))
        return try g.add(ReshapeOp([n, .fixed(3), .fixed(8)]), joined)
    }

    private static let activations: [RuleCase] = [
        RuleCase(rule: RecognizeActivations(), name: "gelu, half first", applies: 1, left: ["Unary"], shapes: [[3, 5]])
        {
            g, x in
            let scaled = try g.add(BinaryOp(.mul), x[0], scalar(&g, 0.70710677))
            let sum = try g.add(BinaryOp(.add), scalar(&g, 1), try g.add(UnaryOp(.erf), scaled))
            return [try g.add(BinaryOp(.mul), try g.add(BinaryOp(.mul), x[0], scalar(&g, 0.5)), sum)]
        },
        RuleCase(rule: RecognizeActivations(), name: "tanh gelu", applies: 1, left: ["Unary"], shapes: [[3, 5]]) {
            g, x in
            let cube = try g.add(BinaryOp(.pow), x[0], scalar(&g, 3))
            let sum = try g.add(BinaryOp(.add), x[0], try g.add(BinaryOp(.mul), cube, scalar(&g, 0.044715)))
            let tanh = try g.add(UnaryOp(.tanh), try g.add(BinaryOp(.mul), sum, scalar(&g, 0.7978846)))
            let gate = try g.add(BinaryOp(.mul), scalar(&g, 0.5), try g.add(BinaryOp(.add), tanh, scalar(&g, 1)))
            return [try g.add(BinaryOp(.mul), x[0], gate)]
        },
        RuleCase(rule: RecognizeActivations(), name: "silu", applies: 1, left: ["Unary"], shapes: [[3, 5]]) { g, x in
            [try g.add(BinaryOp(.mul), try g.add(UnaryOp(.sigmoid), x[0]), x[0])]
        },
        RuleCase(
            rule: RecognizeActivations(), name: "another scale", applies: 0,
            left: ["Binary", "Unary", "Binary", "Binary"],
            shapes: [[3, 5]]
        ) { g, x in
            let scaled = try g.add(BinaryOp(.mul), x[0], scalar(&g, 0.7))
            let sum = try g.add(BinaryOp(.add), scalar(&g, 1), try g.add(UnaryOp(.erf), scaled))
            return [try g.add(BinaryOp(.mul), x[0], sum)]
        },
    ]
}
