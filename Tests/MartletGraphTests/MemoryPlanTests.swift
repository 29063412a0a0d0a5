import MartletGraph
import MartletTensor
import Testing

@Suite struct MemoryPlanTests {
    /// A random graph of elementwise ops, views and products on matrices [4, 4].
    private static func randomGraph(seed: Int) throws -> Graph {
        var numbers = TestNumbers(seed: UInt64(seed) + 77)
        var graph = Graph()
        let square: [Dim] = [.symbol("n"), .symbol("n")]
        var values = [
            graph.addInput("a", ValueType(.float32, square)), graph.addInput("b", ValueType(.float32, square)),
        ]
        values.append(graph.addConstant(numbers.tensor([4, 4])))
        for _ in 0..<numbers.int(3..<25) {
            let x = values[numbers.int(0..<values.count)]
            let y = values[numbers.int(0..<values.count)]
            switch numbers.int(0..<7) {
            case 0, 1: values.append(try graph.add(BinaryOp([.add, .sub, .mul, .max][numbers.int(0..<4)]), x, y))
            case 2: values.append(try graph.add(UnaryOp(.tanh), x))
            case 3: values.append(try graph.add(TransposeOp(), x))
            case 4: values.append(try graph.add(MatMulOp(), x, y))
            case 5: values.append(try graph.add(IdentityOp(), x))
            default: values.append(try graph.add(LayerNormOp(), [x, nil, nil, y])[0])
            }
        }
        for index in 0..<numbers.int(1..<4) {
            graph.addOutput("y\(index)", values[values.count - 1 - numbers.int(0..<3)])
        }
        return graph
    }

    /// Each node with memory of its own, in order.
    private static func runNaively(_ graph: Graph, _ inputs: [Tensor]) throws -> [Tensor] {
        var tensors: [ValueID: Tensor] = [:]
        for (port, tensor) in zip(graph.inputs, inputs) { tensors[port.value] = tensor }
        for node in graph.nodes {
            let operands = node.inputs.map { id in id.flatMap { tensors[$0] ?? graph.constant($0) } }
            for (id, tensor) in zip(node.outputs, try node.op.run(operands, RunContext())) { tensors[id] = tensor }
        }
        return graph.outputs.compactMap { tensors[$0.value] ?? graph.constant($0.value) }
    }

    @Test(arguments: 0..<200) func plannedEqualsNaive(_ seed: Int) throws {
        let graph = try Self.randomGraph(seed: seed)
        var numbers = TestNumbers(seed: UInt64(seed))
        let inputs = [numbers.tensor([4, 4]), numbers.tensor([4, 4])]
        let copies = inputs.map { Array($0.elements(Float.self)) }
        let expected = try Self.runNaively(graph, inputs)
        let compiled = CompiledGraph(graph)
        let context = RunContext()
        // Twice in one arena: what is left of the first run must not matter, and its results must stay.
        let first = try compiled.run(inputs, context)
        let kept = first.map { Array($0.elements(Float.self)) }
        let second = try compiled.run(inputs, context)
        for (index, tensor) in expected.enumerated() {
            #expect(largestDifference(tensor, second[index]) == 0)
            #expect(Array(first[index].elements(Float.self)) == kept[index])
        }
        for (tensor, copy) in zip(inputs, copies) { #expect(Array(tensor.elements(Float.self)) == copy) }
    }

    @Test(arguments: 0..<100) func liveValuesHaveSlotsOfTheirOwn(_ seed: Int) throws {
        let graph = try Self.randomGraph(seed: seed)
        let plan = MemoryPlan(graph)
        var lastUse = [Int](repeating: -1, count: graph.values.count)
        var owner = Array(0..<graph.values.count)
        for node in graph.nodes where node.op.aliasedInput == 0 {
            owner[node.outputs[0].index] = owner[node.inputs[0]?.index ?? 0]
        }
        for (position, node) in graph.nodes.enumerated() {
            for id in node.inputs { if let id { lastUse[owner[id.index]] = position } }
        }
        var born: [Int: Int] = [:]
        for (position, node) in graph.nodes.enumerated() { for id in node.outputs { born[id.index] = position } }
        for (a, birth) in born where plan.slots[a] >= 0 {
            for (b, other) in born where b != a && plan.slots[b] == plan.slots[a] && other > birth {
                // b may take a's slot at the earliest in the node that reads a last, and then only in place.
                #expect(lastUse[a] <= other)
                if lastUse[a] == other { #expect(!graph.nodes[other].op.inPlaceInputs.isEmpty) }
            }
        }
    }

    @Test func chainNeedsOneSlot() throws {
        var graph = Graph()
        var value = graph.addInput("x", ValueType(.float32, [.symbol("n")]))
        for _ in 0..<6 { value = try graph.add(UnaryOp(.tanh), value) }
        graph.addOutput("y", value)
        #expect(MemoryPlan(graph).slotCount == 1)
    }
}
