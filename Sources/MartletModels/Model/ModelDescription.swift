import MartletGraph

/// What `martlet model describe` says of a model.
package struct ModelDescription: Sendable {
    package struct Port: Hashable, Sendable {
        package var name: String
        package var type: String
        /// What it holds, in words; empty if nothing is known.
        package var meaning: String
    }

    package var name: String
    package var path: String
    package var format: String
    package var architecture: String
    package var inputs: [Port]
    package var outputs: [Port]
    package var parameters: Int
    package var weightBytes: Int
    /// Of one row; of a text of `tokensPerRow` tokens where the model takes text.
    package var flopsPerRow: Int
    /// Whether `flopsPerRow` leaves out work whose size only a run knows.
    package var isLowerBound: Bool
    /// Nil if the model takes no text.
    package var flopsPerToken: Int?
    package var tokensPerRow: Int?
    package var labels: [String]?
    package var maxTokens: Int?
    package var tokenizer: String?
    package var pooling: String?
    package var isNormalized: Bool
    package var operators: [LoadedModel.OperatorCount]
    package var unavailable: [ONNXUnavailable]
    package var files: [String]
    /// Products with constant weights and what they are made of; nil unless it was asked for.
    package var layers: [ProductLayer]?

    /// The length that FLOP of texts are stated for.
    package static let typicalTokens = 32
}

/// What the products of a model are made of on this CPU if it is loaded with `precision`. Throws `GraphError` and `TensorError`.
///
/// Packs all weights, as running the model would.
package func productLayers(
    _ model: LoadedModel, _ precision: Precision, exactLayers: [String] = []
) throws -> [ProductLayer] {
    var graph = model.graph
    _ = try graph.optimize(finishing: false)
    _ = try ReducePrecision(to: precision, exactLayers: exactLayers).apply(to: &graph)
    return try graph.productLayers()
}

/// Describes a model. O(size of its graph).
package func describe(_ model: LoadedModel) -> ModelDescription {
    let tokens = min(ModelDescription.typicalTokens, model.maxTokens ?? .max)
    let estimate = FlopEstimate(model, tokens: tokens)
    let takesText = model.text != nil && model.tokenizerPath != nil
    var inputs = model.inputs.map { input in
        ModelDescription.Port(
            name: input.name, type: input.type.description,
            meaning: input.role == .value ? "" : input.role.rawValue)
    }
    if takesText {
        inputs =
            [ModelDescription.Port(name: "text", type: "string", meaning: "")]
            + inputs.filter { $0.meaning.isEmpty }
    }
    var outputs = model.outputs.filter { $0.role != .echo }.map { output in
        ModelDescription.Port(
            name: output.name, type: output.type.description,
            meaning: output.fileName == output.name ? "" : "`\(output.fileName)` in the file")
    }
    if let classification = model.classification {
        outputs.insert(
            ModelDescription.Port(name: "label", type: "string", meaning: classification.kind.rawValue), at: 0)
        outputs.insert(ModelDescription.Port(name: "score", type: "float", meaning: "probability of the label"), at: 1)
    }
    return ModelDescription(
        name: model.name, path: model.path, format: model.format, architecture: model.architecture, inputs: inputs,
        outputs: outputs, parameters: model.parameterCount, weightBytes: model.weightBytes, flopsPerRow: estimate.flops,
        isLowerBound: estimate.isLowerBound, flopsPerToken: model.text == nil ? nil : estimate.flops / max(tokens, 1),
        tokensPerRow: model.text == nil ? nil : tokens, labels: model.labels, maxTokens: model.maxTokens,
        tokenizer: model.tokenizerPath, pooling: model.pooling?.rawValue, isNormalized: model.isNormalized,
        operators: model.operators, unavailable: model.unavailable, files: model.files)
}
