import MartletGraph

extension ArchitectureTable {
    /// Clark et al. 2020: BERT with embeddings of their own width. Head: W·gelu(dense(first token)).
    static let electra = Architecture(
        modelTypes: ["electra"], prefixes: ["electra."],
        size: { config in
            try config.require("position_embedding_type", "absolute")
            return try TransformerSize(config)
        },
        encode: { builder, size in
            let width = try builder.config.count(
                "embedding_size", limit: TransformerSize.maximumWidth, default: size.hidden)
            var states = try builder.embeddings(
                builder.name("embeddings."), words: (size.vocabulary, width), positions: size.positions,
                types: size.types, epsilon: size.epsilon)
            if width != size.hidden {
                states = try builder.linear(states, builder.name("embeddings_project"), width, size.hidden)
            }
            return try builder.bertLayers(states, size)
        },
        classify: { builder, size, states, classes in
            let first = try builder.pool(states, .cls)
            let dense = try builder.linear(first, "classifier.dense", size.hidden, size.hidden, .geluErf)
            return try builder.linear(dense, "classifier.out_proj", size.hidden, classes)
        },
        usesTypes: true)
}
