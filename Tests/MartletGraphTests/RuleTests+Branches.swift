import MartletGraph
import MartletTensor

extension RuleTests {
    /// max(x, 0) or [x], of another rank.
    private static func branches() throws -> IfOp {
        func body(_ make: (inout Graph, ValueID) throws -> ValueID) throws -> Subgraph {
            var graph = Graph()
            let x = graph.addInput("x", ValueType(.float32, [.symbol("n"), .fixed(3)]))
            graph.addOutput("y", try make(&graph, x))
            return Subgraph(graph)
        }
        return IfOp(
            then: try body { try $0.add(UnaryOp(.relu), $1) },
            otherwise: try body { try $0.add(UnsqueezeOp(axes: [0]), $1) })
    }

    private static func condition(_ graph: inout Graph, _ value: Bool) -> ValueID {
        graph.addConstant(Tensor([value], shape: [1]))
    }

    static let control: [RuleCase] = [
        RuleCase(rule: InlineBranches(), name: "known true", applies: 1, left: ["Unary", "Unary"], shapes: [[2, 3]]) {
            g, x in
            let y = try g.add(branches(), condition(&g, true), x[0], x[0])
            return [try g.add(UnaryOp(.sqrt), y)]
        },
        RuleCase(rule: InlineBranches(), name: "known false", applies: 1, left: ["Unsqueeze"], shapes: [[2, 3]]) {
            g, x in [try g.add(branches(), condition(&g, false), x[0], x[0])]
        },
        RuleCase(
            rule: InlineBranches(), name: "known by numbers", applies: 0, left: ["Reduce", "Compare", "If"],
            shapes: [[2, 3]]
        ) { g, x in
            let sum = try g.add(ReduceOp(.sum, axes: [0, 1], keepDims: false), x[0])
            let isPositive = try g.add(CompareOp(.gt), sum, scalar(&g, 0))
            return [try g.add(branches(), isPositive, x[0], x[0])]
        },
        RuleCase(
            rule: SharpenTypes(), name: "behind a branch", applies: 1, left: ["Unary", "Unary"], shapes: [[2, 3]]
        ) { g, x in
            let y = try g.add(branches(), condition(&g, true), x[0], x[0])
            let result = try g.add(UnaryOp(.abs), y)
            _ = try InlineBranches().apply(to: &g)
            return [result]
        },
        RuleCase(rule: SharpenTypes(), name: "nothing new", applies: 0, left: ["Unary"], shapes: [[2, 3]]) { g, x in
            [try g.add(UnaryOp(.relu), x[0])]
        },
        RuleCase(rule: SquarePowers(), name: "square", applies: 1, left: ["Binary"], shapes: [[2, 3]]) { g, x in
            [try g.add(BinaryOp(.pow), x[0], scalar(&g, 2))]
        },
        RuleCase(rule: SquarePowers(), name: "cube", applies: 0, left: ["Binary"], shapes: [[2, 3]]) { g, x in
            [try g.add(BinaryOp(.pow), x[0], scalar(&g, 3))]
        },
    ]
}
