import MartletTensor

/// A product with constant weights, and what it is made of on this CPU.
package struct ProductLayer: Sendable {
    package var name: String
    /// K
    package var rows: Int
    /// N
    package var columns: Int
    package var precision: Precision
    /// √(Σ rounding error² ⁄ Σ weight²); 0 if exact.
    package var error: Double
}

extension Graph {
    /// Packs the weights of all products to see what they lose. Throws `TensorError`.
    package func productLayers() throws -> [ProductLayer] {
        try nodes.compactMap { node in
            guard let linear = node.op as? LinearOp else { return nil }
            let constants = node.inputs.map { $0.flatMap(constant) }
            guard let weights = try linear.weights(constants) else { return nil }
            return ProductLayer(
                name: node.layerName(in: self), rows: weights.rows, columns: weights.columns,
                precision: weights.precision, error: weights.error)
        }
    }
}
