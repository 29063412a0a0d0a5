import MartletData

/// Outputs of a row that are inputs of the next row of its stream: `with (state = (h => hn), by = stream)`.
///
/// What a node with it gives depends on the rows before: no rule may take rows away from below it, bring it together with
/// another call, or run its rows in another order than the input's. A row that is not run, because an argument is null or
/// because it failed, leaves its stream's state as it was.
package struct Recurrence: Hashable, Sendable {
    package struct Link: Hashable, Sendable {
        /// Position in the signature's inputs.
        package var input: Int
        /// Position in the signature's outputs.
        package var output: Int
        /// The type of one row's state; dimensions are fixed. A stream begins with zeros.
        package var type: DataType
    }

    package var links: [Link]
    /// Rows of equal key are a stream, null being equal to null; nil: all rows are one.
    package var key: BoundExpr?
}

extension LogicalNode {
    /// Whether a model in this node, or in its arms, hands state from row to row.
    var hasState: Bool {
        if case .infer(let node) = self, node.recurrence != nil { return true }
        return bodies.contains { body in
            var found = false
            body.visit { if case .infer(let node) = $0, node.recurrence != nil { found = true } }
            return found
        }
    }
}

extension InferNode {
    /// ` with (state = (h => hn), by = stream)`; empty without state.
    func stateText(_ names: [ColumnID: String]) -> String {
        guard let recurrence else { return "" }
        let signature = call.model.signature
        let links = recurrence.links.map {
            "\(signature.inputs[$0.input].name) => \(signature.outputs[$0.output].name)"
        }
        let key = recurrence.key.map { ", by = \($0.text(names))" } ?? ""
        return " with (state = (\(links.joined(separator: ", ")))\(key))"
    }
}
