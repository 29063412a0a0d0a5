extension ArchitectureTable {
    /// Liu et al. 2019; XLM-RoBERTa and CamemBERT are built alike. Positions begin after the padding row of the table.
    /// Head: W·tanh(dense(first token)).
    static let roberta = Architecture(
        modelTypes: ["roberta", "xlm-roberta", "camembert"], prefixes: ["roberta."],
        size: { config in
            try config.require("position_embedding_type", "absolute")
            return try TransformerSize(config, epsilon: 1e-12)
        },
        encode: { builder, size in
            let padding = try builder.paddingID()
            let states = try builder.embeddings(
                builder.name("embeddings."), words: (size.vocabulary, size.hidden), positions: size.positions,
                reserved: padding + 1, types: size.types, epsilon: size.epsilon)
            return try builder.bertLayers(states, size)
        },
        classify: { builder, size, states, classes in
            let first = try builder.pool(states, .cls)
            let dense = try builder.linear(first, "classifier.dense", size.hidden, size.hidden, .tanh)
            return try builder.linear(dense, "classifier.out_proj", size.hidden, classes)
        },
        usesTypes: true)
}

extension EncoderBuilder {
    /// The id of the padding token, which positions of RoBERTa and MPNet are counted from.
    func paddingID() throws -> Int {
        guard let id = config.json["pad_token_id"] else { return 1 }
        guard let value = id.int, value >= 0, value < 1 << 20 else {
            throw config.wrong("pad_token_id", "it is no small integer")
        }
        return value
    }
}
