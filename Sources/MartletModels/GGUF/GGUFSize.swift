import MartletGraph
import MartletTensor

/// The numbers of a decoder in a GGUF file's metadata, each checked before anything is sized by it.
struct GGUFSize {
    let file: GGUFFile
    let family: DecoderFamily
    /// `general.architecture`, which stands before the keys.
    let architecture: String

    init(_ file: GGUFFile) throws {
        self.file = file
        guard let name = file.metadata["general.architecture"]?.string else {
            throw GGUFError.metadata(file: file.path, key: "general.architecture", reason: "it is missing")
        }
        architecture = name
        family = try DecoderTable.find(ggufName: name, file: file.path)
    }

    private func wrong(_ key: String, _ reason: String) -> GGUFError {
        .metadata(file: file.path, key: "\(architecture).\(key)", reason: reason)
    }

    private func value(_ key: String) -> GGUFValue? { file.metadata["\(architecture).\(key)"] }

    private func count(_ key: String, limit: Int, default other: Int? = nil) throws -> Int {
        guard let value = value(key) else {
            guard let other else { throw wrong(key, "it is missing") }
            return other
        }
        guard let number = value.int else { throw wrong(key, "it is no single integer") }
        guard number >= 1, number <= limit else { throw wrong(key, "it is \(number), not 1 to \(limit)") }
        return number
    }

    private func number(_ key: String, default other: Double? = nil) throws -> Double {
        guard let value = value(key) else {
            guard let other else { throw wrong(key, "it is missing") }
            return other
        }
        guard let number = value.number, number.isFinite else { throw wrong(key, "it is no number") }
        return number
    }

    /// Throws `GGUFError`.
    func size() throws -> DecoderSize {
        for key in ["expert_count", "attention.q_lora_rank", "ssm.state_size"] where value(key)?.int ?? 0 != 0 {
            throw wrong(key, "models with it are not supported")
        }
        let width = DecoderSize.maximumWidth
        let hidden = try count("embedding_length", limit: width)
        let heads = try count("attention.head_count", limit: width)
        let dim = try count("attention.key_length", limit: width, default: max(1, hidden / heads))
        guard try count("attention.value_length", limit: width, default: dim) == dim else {
            throw wrong("attention.value_length", "it is not that of keys, \(dim)")
        }
        guard let table = file.tensors["token_embd.weight"], table.shape.count == 2,
            table.shape[0] <= DecoderSize.maximumVocabulary
        else {
            throw ArchitectureError.missingWeight(file: file.path, name: "token_embd.weight", shape: [])
        }
        let size = DecoderSize(
            hidden: hidden, layers: try count("block_count", limit: DecoderSize.maximumLayers), heads: heads,
            kvHeads: try count("attention.head_count_kv", limit: width, default: heads), headDim: dim,
            intermediate: try count("feed_forward_length", limit: width * 8), vocabulary: table.shape[0],
            positions: try count("context_length", limit: 1 << 30),
            epsilon: Float(try number("attention.layer_norm_rms_epsilon")), rotation: try rotation(dim),
            window: try count("attention.sliding_window", limit: 1 << 30, default: 0))
        if let (field, reason) = size.problem { throw wrong(field, reason) }
        return size
    }

    private func rotation(_ dim: Int) throws -> DecoderSize.Rotation {
        var rotation = DecoderSize.Rotation(
            columns: try count("rope.dimension_count", limit: DecoderSize.maximumWidth, default: dim),
            base: try number("rope.freq_base", default: 10_000), isInterleaved: family.isInterleavedInGGUF)
        switch value("rope.scaling.type")?.string ?? "none" {
        case "none": break
        case "linear": rotation.stretch = try number("rope.scaling.factor", default: 1)
        case let other: throw wrong("rope.scaling.type", "`\(other)` is not supported, only `linear`")
        }
        // The key of files before the scaling had a type.
        if value("rope.scaling.type") == nil { rotation.stretch = try number("rope.scale_linear", default: 1) }
        if file.tensors["rope_freqs.weight"] != nil {
            var weights = GGUFWeights(file)
            rotation.factors = try weights.vector("rope_freqs.weight", rotation.columns / 2).values(Float.self)
        }
        return rotation
    }
}
