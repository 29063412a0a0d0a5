/// An output of a model that cannot be computed, as operators on the way to it are not supported.
package struct ONNXUnavailable: Hashable, Sendable {
    package var output: String
    package var operators: [ONNXError.OperatorUse]

    /// `scores needs Foo, Bar (3×)`
    package var text: String { "`\(output)` needs \(operators.map(\.text).joined(separator: ", "))" }
}

extension ONNXNode {
    /// All names that the node or a graph inside it takes: an upper bound, as inner names may hide outer ones.
    var namesUsed: [String] {
        var result = inputs.filter { !$0.isEmpty }
        for case let graph? in attributes.values.map(\.graph) {
            result += graph.outputs.map(\.name) + graph.nodes.flatMap(\.namesUsed)
        }
        return result
    }
}
