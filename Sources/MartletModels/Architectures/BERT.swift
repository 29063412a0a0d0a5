import MartletGraph

extension ArchitectureTable {
    /// Devlin et al. 2018. Head: W·tanh(pooler(first token)).
    static let bert = Architecture(
        modelTypes: ["bert"], prefixes: ["bert."],
        size: { config in
            try config.require("position_embedding_type", "absolute")
            return try TransformerSize(config)
        },
        encode: { builder, size in
            let prefix = builder.name("embeddings.")
            let states = try builder.embeddings(
                prefix, words: (size.vocabulary, size.hidden), positions: size.positions, types: size.types,
                epsilon: size.epsilon)
            return try builder.bertLayers(states, size)
        },
        classify: { builder, size, states, classes in
            let first = try builder.pool(states, .cls)
            let pooled = try builder.linear(first, builder.name("pooler.dense"), size.hidden, size.hidden, .tanh)
            return try builder.linear(pooled, "classifier", size.hidden, classes)
        },
        usesTypes: true)
}

extension EncoderBuilder {
    /// The layers under BERT's names, which RoBERTa and ELECTRA share.
    mutating func bertLayers(_ x: ValueID, _ size: TransformerSize) throws -> ValueID {
        var states = x
        for index in 0..<size.layers {
            let layer = name("encoder.layer.\(index)")
            let names = LayerNames(
                query: "\(layer).attention.self.query", key: "\(layer).attention.self.key",
                value: "\(layer).attention.self.value", attentionOutput: "\(layer).attention.output.dense",
                attentionNorm: "\(layer).attention.output.LayerNorm", intermediate: "\(layer).intermediate.dense",
                output: "\(layer).output.dense", outputNorm: "\(layer).output.LayerNorm")
            states = try self.layer(states, names, size)
        }
        return states
    }
}
