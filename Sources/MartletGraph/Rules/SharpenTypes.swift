/// Shapes that follow from shapes: what other rules made known of a value is passed on to what is computed from it.
package struct SharpenTypes: GraphRule {
    package static let name = "sharpen_types"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        for position in graph.nodes.indices where graph.sharpenTypes(at: position) { count += 1 }
        return count
    }
}
