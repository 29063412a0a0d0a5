import MartletGraph

/// The numbers that describe a transformer encoder.
struct TransformerSize: Sendable {
    var hidden: Int
    var layers: Int
    var heads: Int
    var intermediate: Int
    var vocabulary: Int
    var positions: Int
    var types: Int
    var epsilon: Float
    var activation: Activation

    static let maximumWidth = 1 << 17
    static let maximumLayers = 1_000
    static let maximumVocabulary = 1 << 24

    /// Reads the fields under BERT's names.
    init(_ config: ModelConfig, epsilon: Double = 1e-12) throws {
        try self.init(
            hidden: config.count("hidden_size", limit: Self.maximumWidth),
            layers: config.count("num_hidden_layers", limit: Self.maximumLayers),
            heads: config.count("num_attention_heads", limit: Self.maximumWidth),
            intermediate: config.count("intermediate_size", limit: Self.maximumWidth),
            vocabulary: config.count("vocab_size", limit: Self.maximumVocabulary),
            positions: config.count("max_position_embeddings", limit: Self.maximumVocabulary),
            types: config.count("type_vocab_size", limit: 1024, default: 1),
            epsilon: Float(config.number("layer_norm_eps", default: epsilon)),
            activation: Self.activation(config, field: "hidden_act"))
        try check(config, hiddenField: "hidden_size")
    }

    init(
        hidden: Int, layers: Int, heads: Int, intermediate: Int, vocabulary: Int, positions: Int, types: Int,
        epsilon: Float, activation: Activation
    ) {
        self.hidden = hidden
        self.layers = layers
        self.heads = heads
        self.intermediate = intermediate
        self.vocabulary = vocabulary
        self.positions = positions
        self.types = types
        self.epsilon = epsilon
        self.activation = activation
    }

    func check(_ config: ModelConfig, hiddenField: String) throws {
        guard hidden.isMultiple(of: heads) else {
            throw config.wrong(hiddenField, "\(hidden) does not divide among \(heads) heads")
        }
        guard epsilon > 0, epsilon < 1 else { throw config.wrong("layer_norm_eps", "it is \(epsilon)") }
    }

    /// The scale of attention: 1 ⁄ √(hidden ⁄ heads).
    var attentionScale: Float { 1 / Float(hidden / heads).squareRoot() }

    static func activation(_ config: ModelConfig, field: String) throws -> Activation {
        let name = config.string(field) ?? "gelu"
        guard let activation = activations[name] else { throw config.wrong(field, "`\(name)` is not supported") }
        return activation
    }

    private static let activations: [String: Activation] = [
        "gelu": .geluErf, "gelu_python": .geluErf, "gelu_new": .geluTanh, "gelu_fast": .geluTanh,
        "gelu_pytorch_tanh": .geluTanh, "relu": .relu, "silu": .silu, "swish": .silu, "tanh": .tanh,
        "sigmoid": .sigmoid,
        "linear": .none,
    ]
}
