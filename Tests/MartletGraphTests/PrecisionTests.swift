import MartletGraph
import MartletSupport
import MartletTensor
import Testing

/// Products of lower precision inside a graph: which ones, and how far their results are from exact ones.
@Suite struct PrecisionTests {
    /// x [n, 48] through two products, the first with an activation and named `first`, the second `second` with a residual.
    private static func network(weight: (Int) -> Float) throws -> Graph {
        var graph = Graph()
        let x = graph.addInput("x", ValueType(.float32, [.symbol("n"), .fixed(48)]))
        let a = graph.addConstant(Tensor((0..<64 * 48).map(weight), shape: [64, 48]), name: "a")
        let b = graph.addConstant(Tensor((0..<64 * 48).map { weight($0 + 5000) }, shape: [64, 48]), name: "b")
        let bias = graph.addConstant(Tensor((0..<64).map { Float($0) / 64 }, shape: [64]))
        let h = try graph.add(LinearOp(isTransposed: true, activation: .geluErf), x, a, bias, name: "first")
        let y = try graph.add(LinearOp(isTransposed: false), [h, b, nil, x], name: "second")
        graph.addOutput("y", y[0])
        return graph
    }

    private static func usual(_ index: Int) -> Float { Float(index &* 7919 % 2001 - 1000) / 8000 }

    private func run(_ graph: Graph, _ x: Tensor, threads: ThreadPool? = nil) throws -> [Float] {
        try CompiledGraph(graph).run([x], RunContext(pool: threads))[0].values(Float.self)
    }

    private func x(rows: Int) -> Tensor {
        var numbers = TestNumbers(seed: 5)
        return numbers.tensor([rows, 48], scale: 2)
    }

    /// √(Σ (a - b)² ⁄ Σ a²)
    private func difference(_ a: [Float], _ b: [Float]) -> Double {
        let lost = zip(a, b).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
        return (lost / a.reduce(0) { $0 + Double($1) * Double($1) }).squareRoot()
    }

    @Test func lowerPrecisionRoundsAndStaysNear() throws {
        let exact = try Self.network(weight: Self.usual)
        let expected = try run(exact, x(rows: 40))
        for (precision, most) in [(Precision.fast, 0.01), (.int8, 0.02)] {
            var graph = exact
            #expect(try ReducePrecision(to: precision).apply(to: &graph) == 2)
            #expect(try ReducePrecision(to: precision).apply(to: &graph) == 0)
            let lost = try difference(expected, run(graph, x(rows: 40)))
            #expect(lost < most)
            #expect((lost > 1e-5) == (precision.onThisCPU == precision))
            #expect(try graph.productLayers().map(\.precision) == [precision.onThisCPU, precision.onThisCPU])
        }
    }

    @Test func rowsDependOnNeitherBatchNorThreads() throws {
        let pool = ThreadPool(threadCount: 2)
        for precision in Precision.allCases {
            var graph = try Self.network(weight: Self.usual)
            _ = try ReducePrecision(to: precision).apply(to: &graph)
            let whole = try run(graph, x(rows: 300))
            #expect(try run(graph, x(rows: 300), threads: pool) == whole)
            for rows in [1, 3, 17] {
                let first = Array(whole[..<(rows * 48)])
                #expect(try run(graph, x(rows: rows)) == first, "\(precision), \(rows) rows")
                #expect(try run(graph, x(rows: rows), threads: pool) == first, "\(precision), \(rows) rows, 2 threads")
            }
        }
    }

    @Test func namedLayersStayExact() throws {
        let exact = try Self.network(weight: Self.usual)
        var graph = exact
        #expect(try ReducePrecision(to: .int8, exactLayers: ["sec"]).apply(to: &graph) == 1)
        #expect(try graph.productLayers().map(\.precision) == [.int8, .exact])
        var none = exact
        #expect(try ReducePrecision(to: .int8, exactLayers: ["first", "second"]).apply(to: &none) == 0)
        #expect(try run(none, x(rows: 3)) == run(exact, x(rows: 3)))
    }

    @Test func weightsThatBytesDoNotHoldKeepMoreBits() throws {
        let wider = Precision.fast.onThisCPU
        // One weight hundreds of times as large as a thousand others, which together count.
        var uneven = Graph()
        let x = uneven.addInput("x", ValueType(.float32, [.symbol("n"), .fixed(1000)]))
        let w = uneven.addConstant(Tensor([Float](repeating: 0.003, count: 999) + [1], shape: [1000, 1]))
        uneven.addOutput("y", try uneven.add(LinearOp(isTransposed: false), x, w))
        _ = try ReducePrecision(to: .int8).apply(to: &uneven)
        let layers = try uneven.productLayers()
        #expect(layers[0].precision == wider && layers[0].rows == 1000 && layers[0].columns == 1)
        var infinite = try Self.network { $0 == 7 ? .infinity : Self.usual($0) }
        _ = try ReducePrecision(to: .int8).apply(to: &infinite)
        #expect(try infinite.productLayers().map(\.precision) == [wider, .int8])
    }

    @Test func exactAsksForNothing() throws {
        var graph = try Self.network(weight: Self.usual)
        #expect(try ReducePrecision(to: .exact).apply(to: &graph) == 0)
        #expect(try graph.productLayers().map(\.error) == [0, 0])
    }
}
