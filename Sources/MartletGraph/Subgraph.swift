import MartletTensor

/// A graph that an op runs: a branch of a condition, the body of a loop. Two are equal only if they are the same object.
package final class Subgraph: Hashable, Sendable {
    package let graph: Graph

    package init(_ graph: Graph) { self.graph = graph }

    package static func == (a: Subgraph, b: Subgraph) -> Bool { a === b }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }

    package var outputTypes: [ValueType] { graph.outputs.map { graph.type($0.value) } }
}

/// An op that runs graphs. The rules reach them through this.
package protocol SubgraphOp: GraphOp {
    var bodies: [Subgraph] { get }
    /// The same op with other bodies: as many, of equal inputs and outputs.
    func replacingBodies(_ bodies: [Subgraph]) -> Self
}

extension SubgraphOp {
    package static var takesContainers: Bool { true }
    /// Bodies count their own work when they run.
    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }
    package func prepare(_ constants: [Tensor?]) throws -> AnyObject? {
        CompiledBodies(bodies.map { CompiledGraph($0.graph) })
    }

    /// Body `index`, compiled once for all workers.
    func compiled(_ index: Int, _ context: RunContext) throws -> CompiledGraph {
        guard let bodies = context.prepared as? CompiledBodies else {
            return CompiledGraph(self.bodies[index].graph)
        }
        return bodies.graphs[index]
    }

    /// All of some inputs of the node. Throws if one was left out.
    func operands(_ inputs: [Tensor?], _ range: Range<Int>, _ context: RunContext) throws -> [Tensor] {
        try range.map { try operand(inputs, $0, context) }
    }
}

final class CompiledBodies: Sendable {
    let graphs: [CompiledGraph]
    init(_ graphs: [CompiledGraph]) { self.graphs = graphs }
}

extension Graph {
    /// Runs `rules` on the bodies of all nodes, and theirs. Returns how often rules applied.
    mutating func optimizeBodies(_ optimize: (inout Graph) throws -> Int) throws -> Int {
        var count = 0
        for (position, node) in nodes.enumerated() {
            guard let op = node.op as? any SubgraphOp else { continue }
            var changed = 0
            let bodies = try op.bodies.map { body -> Subgraph in
                var graph = body.graph
                let applied = try optimize(&graph)
                changed += applied
                return applied > 0 ? Subgraph(graph) : body
            }
            guard changed > 0 else { continue }
            count += changed
            setOp(at: position, op.replacingBodies(bodies))
        }
        return count
    }
}
