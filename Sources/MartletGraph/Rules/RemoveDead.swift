/// A node of which no output is used computes nothing: it goes.
package struct RemoveDead: GraphRule {
    package static let name = "remove_dead"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var isNeeded = Set(graph.outputs.map(\.value))
        var kept: [Graph.Node] = []
        for node in graph.nodes.reversed() where node.outputs.contains(where: isNeeded.contains) {
            kept.append(node)
            for id in node.inputs { if let id { isNeeded.insert(id) } }
        }
        let removed = graph.nodes.count - kept.count
        if removed > 0 { graph.replaceNodes(kept.reversed()) }
        return removed
    }
}
