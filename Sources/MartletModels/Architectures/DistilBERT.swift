import MartletGraph

extension ArchitectureTable {
    /// Sanh et al. 2019. No token types. Head: W·relu(pre_classifier(first token)).
    static let distilBERT = Architecture(
        modelTypes: ["distilbert"], prefixes: ["distilbert."],
        size: { config in
            let size = try TransformerSize(
                hidden: config.count("dim", "hidden_size", limit: TransformerSize.maximumWidth),
                layers: config.count("n_layers", "num_hidden_layers", limit: TransformerSize.maximumLayers),
                heads: config.count("n_heads", "num_attention_heads", limit: TransformerSize.maximumWidth),
                intermediate: config.count("hidden_dim", limit: TransformerSize.maximumWidth),
                vocabulary: config.count("vocab_size", limit: TransformerSize.maximumVocabulary),
                positions: config.count("max_position_embeddings", limit: TransformerSize.maximumVocabulary),
                types: 1, epsilon: 1e-12, activation: TransformerSize.activation(config, field: "activation"))
            try size.check(config, hiddenField: "dim")
            return size
        },
        encode: { builder, size in
            var states = try builder.embeddings(
                builder.name("embeddings."), words: (size.vocabulary, size.hidden), positions: size.positions,
                types: nil, epsilon: size.epsilon)
            for index in 0..<size.layers {
                let layer = builder.name("transformer.layer.\(index)")
                let names = EncoderBuilder.LayerNames(
                    query: "\(layer).attention.q_lin", key: "\(layer).attention.k_lin",
                    value: "\(layer).attention.v_lin",
                    attentionOutput: "\(layer).attention.out_lin", attentionNorm: "\(layer).sa_layer_norm",
                    intermediate: "\(layer).ffn.lin1", output: "\(layer).ffn.lin2",
                    outputNorm: "\(layer).output_layer_norm")
                states = try builder.layer(states, names, size)
            }
            return states
        },
        classify: { builder, size, states, classes in
            let first = try builder.pool(states, .cls)
            let dense = try builder.linear(first, "pre_classifier", size.hidden, size.hidden, .relu)
            return try builder.linear(dense, "classifier", size.hidden, classes)
        },
        usesTypes: false)
}
