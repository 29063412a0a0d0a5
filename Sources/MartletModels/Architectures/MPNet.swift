import MartletGraph

extension ArchitectureTable {
    /// Song et al. 2020. One table of biases by distance serves all layers. Head: W·tanh(dense(first token)).
    static let mpnet = Architecture(
        modelTypes: ["mpnet"], prefixes: ["mpnet."],
        size: { config in try TransformerSize(config) },
        encode: { builder, size in
            let padding = try builder.paddingID()
            var states = try builder.embeddings(
                builder.name("embeddings."), words: (size.vocabulary, size.hidden), positions: size.positions,
                reserved: padding + 1, types: nil, epsilon: size.epsilon)
            let buckets = try builder.config.count("relative_attention_num_buckets", limit: 128, default: 32)
            guard buckets >= 4, buckets.isMultiple(of: 2) else {
                throw builder.config.wrong("relative_attention_num_buckets", "it is \(buckets)")
            }
            let table = try builder.parameter(
                builder.name("encoder.relative_attention_bias.weight"), [buckets, size.heads])
            let bias = try builder.graph.add(RelativePositionBiasOp(), table, builder.lengths)
            for index in 0..<size.layers {
                let layer = builder.name("encoder.layer.\(index)")
                let names = EncoderBuilder.LayerNames(
                    query: "\(layer).attention.attn.q", key: "\(layer).attention.attn.k",
                    value: "\(layer).attention.attn.v", attentionOutput: "\(layer).attention.attn.o",
                    attentionNorm: "\(layer).attention.LayerNorm", intermediate: "\(layer).intermediate.dense",
                    output: "\(layer).output.dense", outputNorm: "\(layer).output.LayerNorm")
                states = try builder.layer(states, names, size, bias: bias)
            }
            return states
        },
        classify: { builder, size, states, classes in
            let first = try builder.pool(states, .cls)
            let dense = try builder.linear(first, "classifier.dense", size.hidden, size.hidden, .tanh)
            return try builder.linear(dense, "classifier.out_proj", size.hidden, classes)
        },
        usesTypes: false)
}
