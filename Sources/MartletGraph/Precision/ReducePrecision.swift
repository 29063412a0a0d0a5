import MartletTensor

/// x × W ≈ round(x) × round(W): products with constant weights take the precision that a model asks for.
///
/// No identity, so it is in no table: it runs for models with the option, once their products are found. `set disable =
/// 'reduce_precision'` switches it off.
package struct ReducePrecision: GraphRule {
    package static let name = "reduce_precision"
    package var precision: Precision
    /// Products stay exact whose name contains one of these.
    package var exactLayers: [String]

    package init(to precision: Precision, exactLayers: [String] = []) {
        self.precision = precision
        self.exactLayers = exactLayers
    }

    package func apply(to graph: inout Graph) throws -> Int {
        guard precision != .exact else { return 0 }
        var count = 0
        for (position, node) in graph.nodes.enumerated() {
            guard var linear = node.op as? LinearOp, linear.precision == .exact,
                !exactLayers.contains(where: { node.layerName(in: graph).contains($0) })
            else { continue }
            linear.precision = precision
            if graph.rewriteNode(at: position, linear, node.inputs) { count += 1 }
        }
        return count
    }
}

extension Graph.Node {
    /// What files call the layer: the node's name, or else its weight's.
    func layerName(in graph: Graph) -> String {
        guard name.isEmpty, inputs.count > 1, let weight = inputs[1] else { return name }
        return graph.values[weight.index].name
    }
}
