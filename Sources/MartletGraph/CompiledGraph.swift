import MartletSupport
import MartletTensor
import Synchronization

/// A graph with its memory plan and prepared constants: immutable, shared by all workers.
package final class CompiledGraph: Sendable {
    package let graph: Graph
    package let plan: MemoryPlan
    private let steps: [Step]

    /// One node, ready to run.
    private final class Step: Sendable {
        let op: any GraphOp
        let inputs: [ValueID?]
        let outputs: [ValueID]
        let outputSlots: [Int]
        let name: String
        /// Constant inputs, in place; nil elsewhere.
        private let constants: [Tensor?]
        private let prepared = Mutex<Prepared?>(nil)

        /// Made once, then only read.
        private struct Prepared: @unchecked Sendable { let object: AnyObject? }

        init(_ node: Graph.Node, _ graph: Graph, _ plan: MemoryPlan) {
            op = node.op
            inputs = node.inputs
            outputs = node.outputs
            outputSlots = node.outputs.map { plan.slots[$0.index] }
            name = node.name
            constants = node.inputs.map { $0.flatMap(graph.constant) }
        }

        func preparedObject() throws -> AnyObject? {
            try prepared.withLock { state -> Prepared in
                if let state { return state }
                // What is prepared stays for all runs.
                let made = Prepared(object: try TensorAccount.charging(nil) { try op.prepare(constants) })
                state = made
                return made
            }.object
        }
    }

    package init(_ graph: Graph) {
        let graph = Self.aligningConstants(graph)
        let plan = MemoryPlan(graph)
        self.graph = graph
        self.plan = plan
        steps = graph.nodes.map { Step($0, graph, plan) }
    }

    /// Copies constants that ops read in place but that lie unaligned in a mapped file. Ops that pack or convert their
    /// constants read them where they are.
    private static func aligningConstants(_ graph: Graph) -> Graph {
        var result = graph
        for node in graph.nodes {
            let anyAlignment = node.op.unalignedInputs
            for (position, id) in node.inputs.enumerated() where !anyAlignment.contains(position) {
                if let id, let constant = result.constant(id), !constant.isAligned {
                    result.setConstant(id, constant.aligned())
                }
            }
        }
        return result
    }

    /// Packs weights and the like now instead of at the first run.
    package func prepare() throws { for step in steps { _ = try step.preparedObject() } }

    /// Runs the graph. `inputs` are in the order of `graph.inputs`, results in the order of `graph.outputs`.
    ///
    /// Results own their memory. Throws `GraphError`, `TensorError`, or what an op throws.
    package func run(_ inputs: [Tensor], _ context: RunContext) throws -> [Tensor] {
        context.beginRun()
        return try TensorAccount.charging(context.meter.account) { try runSteps(inputs, context) }
    }

    /// A part of a run that has begun: the whole graph, or a body in it.
    func runSteps(_ inputs: [Tensor], _ context: RunContext) throws -> [Tensor] {
        var tensors = [Tensor?](repeating: nil, count: graph.values.count)
        context.symbols = try bind(inputs, to: &tensors, context.outerSymbols)
        context.reserveSlots(plan.slotCount)
        defer { context.forgetStrings() }
        for (position, step) in steps.enumerated() {
            try context.checkCancellation()
            let operands = step.inputs.map { id in
                id.flatMap { tensors[$0.index] ?? graph.values[$0.index].constant }
            }
            let results = try context.run(
                step.op, operands, outputSlots: step.outputSlots[...], prepared: try step.preparedObject(),
                name: step.name)
            for (id, tensor) in zip(step.outputs, results) {
                tensors[id.index] = tensor
                context.keepStrings(of: tensor)
            }
            context.onStep?(graph.nodes[position], results)
            for index in plan.releasedAfter[position] { tensors[index] = nil }
        }
        return graph.outputs.map { port in
            guard let tensor = tensors[port.value.index] ?? graph.constant(port.value) else {
                preconditionFailure("bug: output `\(port.name)` was not computed")
            }
            return tensor.owningHandles()
        }
    }

    /// Checks the inputs and places them; returns what the symbols in their types stand for.
    private func bind(
        _ inputs: [Tensor], to tensors: inout [Tensor?], _ outer: [String: Int]
    ) throws -> [String: Int] {
        var symbols = outer
        for (index, port) in graph.inputs.enumerated() {
            guard index < inputs.count else { throw GraphError.missingInput(name: port.name) }
            let tensor = inputs[index]
            let expected = graph.type(port.value)
            let wrong = GraphError.wrongInput(
                name: port.name, expected: expected, dtype: tensor.dtype, shape: tensor.shape)
            if expected.dtype == .optional, tensor.dtype != .optional {
                tensors[port.value.index] = Tensor(optional: tensor)
                continue
            }
            guard tensor.dtype == expected.dtype else { throw wrong }
            if let shape = expected.shape {
                guard shape.count == tensor.rank else { throw wrong }
                for (dim, actual) in zip(shape, tensor.shape) {
                    switch dim {
                    case .fixed(let value): guard value == actual else { throw wrong }
                    case .symbol(let name):
                        guard symbols.updateValue(actual, forKey: name) ?? actual == actual else { throw wrong }
                    case .unknown: break
                    }
                }
            }
            tensors[port.value.index] = tensor.aligned()
        }
        return symbols
    }
}
