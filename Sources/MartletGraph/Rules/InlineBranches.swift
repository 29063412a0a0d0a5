import MartletTensor

/// If(true, a, b) = a; If(false, a, b) = b: the branch's nodes take the place of the condition's.
package struct InlineBranches: GraphRule {
    package static let name = "inline_branches"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        while let position = graph.nodes.firstIndex(where: { taken($0, graph) != nil }) {
            try inline(at: position, in: &graph)
            count += 1
        }
        return count
    }

    /// The branch of a node whose condition is known, and the values that it takes.
    private func taken(_ node: Graph.Node, _ graph: Graph) -> (body: Graph, inputs: ArraySlice<ValueID?>)? {
        guard let op = node.op as? IfOp, let condition = (node.inputs.first ?? nil).flatMap(graph.constant),
            condition.dtype == .bool, condition.count == 1
        else { return nil }
        let isTrue = condition.elements(Bool.self)[0]
        let body = (isTrue ? op.then : op.otherwise).graph
        let first = 1 + (isTrue ? 0 : op.then.graph.inputs.count)
        let inputs = node.inputs.dropFirst(first).prefix(body.inputs.count)
        guard inputs.count == body.inputs.count, inputs.allSatisfy({ $0 != nil }) else { return nil }
        return (body, inputs)
    }

    private func inline(at position: Int, in graph: inout Graph) throws {
        let before = graph.nodes
        guard let (body, inputs) = taken(before[position], graph) else { return }
        graph.replaceNodes(Array(before[..<position]))
        let made = try graph.append(body, inputs: inputs.compactMap { $0 })
        graph.replaceNodes(graph.nodes + before[(position + 1)...])
        graph.replaceUses(Dictionary(uniqueKeysWithValues: zip(before[position].outputs, made)))
    }
}
