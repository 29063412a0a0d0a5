import MartletGraph
import MartletSupport
import MartletTensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A decoder in a Hugging Face folder: its numbers from `config.json`, and its weights under the names of GGUF files.
struct DecoderFolder: DecoderWeights {
    let family: DecoderFamily
    let config: ModelConfig
    private let weights: ModelWeights

    init(_ family: DecoderFamily, _ config: ModelConfig, _ weights: ModelWeights) {
        self.family = family
        self.config = config
        self.weights = weights
    }

    // MARK: Weights

    /// What the parts of a layer are called in these folders.
    private static let parts: [String: String] = [
        "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj", "attn_q_norm": "self_attn.q_norm",
        "attn_k_norm": "self_attn.k_norm", "ffn_norm": "post_attention_layernorm", "ffn_gate": "mlp.gate_proj",
        "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
    ]

    /// `blk.3.attn_q.weight` as `model.layers.3.self_attn.q_proj.weight`.
    private func name(_ name: String) -> String {
        let words = name.split(separator: ".").map(String.init)
        switch words[0] {
        case "blk" where words.count == 4:
            return "\(weights.prefix)layers.\(words[1]).\(Self.parts[words[2]] ?? words[2]).\(words[3])"
        case "token_embd": return "\(weights.prefix)embed_tokens.weight"
        case "output_norm": return "\(weights.prefix)norm.weight"
        case "output": return "lm_head.weight"
        default: return name
        }
    }

    private var isTied: Bool { config.json["tie_word_embeddings"]?.bool ?? family.tiesEmbeddings }

    func has(_ name: String) -> Bool { !(name == "output.weight" && isTied) && weights.has(self.name(name)) }

    func matrix(_ name: String, _ rows: Int, _ columns: Int) throws -> StoredMatrix {
        let tensor = try weights.stored(self.name("\(name).weight"), [rows, columns])
        let format: StoredFormat =
            switch tensor.dtype {
            case .float16: .f16
            case .bfloat16: .bf16
            default: .f32
            }
        let bytes = Tensor(
            .uint8, shape: [rows, columns * tensor.dtype.size], storage: tensor.storage, byteOffset: tensor.byteOffset)
        return StoredMatrix(weights: BlockWeights(.blocks(format), columns: columns), bytes: bytes)
    }

    func vector(_ name: String, _ count: Int) throws -> Tensor {
        let tensor = try weights.float(self.name(name), [count])
        guard family.normOffset != 0, name.hasSuffix("norm.weight") else { return tensor }
        return Tensor(tensor.values(Float.self).map { $0 + family.normOffset }, shape: [count])
    }

    // MARK: Numbers

    /// Throws `ArchitectureError`.
    func size() throws -> DecoderSize {
        let width = DecoderSize.maximumWidth
        let hidden = try config.count("hidden_size", limit: width)
        let heads = try config.count("num_attention_heads", limit: width)
        let activation = try TransformerSize.activation(
            config, field: config.string("hidden_activation") == nil ? "hidden_act" : "hidden_activation")
        guard activation == family.activation || family.activation == .geluTanh && activation == .geluErf else {
            throw config.wrong(
                "hidden_act", "`\(config.string("hidden_act") ?? "")` is not that of \(config.modelType)")
        }
        let dim = try config.count("head_dim", limit: width, default: Swift.max(1, hidden / heads))
        var window = 0
        if !family.windowIsOptional || config.json["use_sliding_window"]?.bool ?? false {
            window = try config.count("sliding_window", limit: 1 << 30, default: 1 << 30)
        }
        let positions = try config.count("max_position_embeddings", limit: DecoderSize.maximumVocabulary)
        let size = DecoderSize(
            hidden: hidden, layers: try config.count("num_hidden_layers", limit: DecoderSize.maximumLayers),
            heads: heads, kvHeads: try config.count("num_key_value_heads", limit: width, default: heads), headDim: dim,
            intermediate: try config.count("intermediate_size", limit: width * 8),
            vocabulary: try config.count("vocab_size", limit: DecoderSize.maximumVocabulary), positions: positions,
            epsilon: Float(try config.number("rms_norm_eps", default: 1e-6)), rotation: try rotation(dim),
            window: window >= positions ? 0 : window)
        if let (field, reason) = size.problem { throw config.wrong(field, reason) }
        return size
    }

    /// Newer files keep the base beside the scaling.
    private func rotation(_ dim: Int) throws -> DecoderSize.Rotation {
        let scaling = config.json["rope_parameters"] ?? config.json["rope_scaling"] ?? .null
        let part = try config.number("partial_rotary_factor", default: 1)
        guard part > 0, part <= 1 else { throw config.wrong("partial_rotary_factor", "it is \(part)") }
        let base = try config.number("rope_theta", default: scaling["rope_theta"]?.double ?? 10_000)
        var rotation = DecoderSize.Rotation(columns: Int(Double(dim) * part), base: base, isInterleaved: false)
        switch scaling["rope_type"]?.string ?? scaling["type"]?.string ?? "default" {
        case "default": break
        case "linear":
            guard let factor = scaling["factor"]?.double else { throw config.wrong("rope_scaling", "it has no factor") }
            rotation.stretch = factor
        case "llama3": rotation.factors = try llama3Factors(scaling, rotation)
        case let other: throw config.wrong("rope_scaling", "`\(other)` is not supported, only linear and llama3")
        }
        return rotation
    }

    /// Llama 3.1: long waves are stretched by `factor`, short ones are left, those between are blended.
    private func llama3Factors(_ scaling: JSON, _ rotation: DecoderSize.Rotation) throws -> [Float] {
        guard let factor = scaling["factor"]?.double, let low = scaling["low_freq_factor"]?.double,
            let high = scaling["high_freq_factor"]?.double,
            let context = scaling["original_max_position_embeddings"]?.double, factor > 0, high > low, low > 0,
            context > 0, rotation.base > 0
        else { throw config.wrong("rope_scaling", "its numbers are missing or cannot be") }
        let pairs = rotation.columns / 2
        return (0..<pairs).map { pair in
            let wave = 2 * Double.pi * pow(rotation.base, Double(pair) / Double(pairs))
            if wave > context / low { return Float(factor) }
            if wave < context / high { return 1 }
            let smooth = (context / wave - low) / (high - low)
            return Float(1 / ((1 - smooth) / factor + smooth))
        }
    }

    /// - Parameter layers: how many there are, for buffers that old files keep in each.
    func requireAllTaken(layers: Int, ignoring extra: [String]) throws {
        var ignored = ["rotary_emb.", "model.rotary_emb."] + extra
        if isTied { ignored.append("lm_head.") }
        for layer in 0..<layers { ignored.append("layers.\(layer).self_attn.rotary_emb.") }
        try weights.requireAllTaken(ignoring: ignored)
    }

    var files: [String] { weights.files }
}
