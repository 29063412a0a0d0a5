import MartletGraph
import MartletSupport

/// A family of decoders of the Llama kind. What its files tell by the presence of weights (biases, norms of queries and keys, a head
/// of its own) is not said here.
struct DecoderFamily: Sendable {
    /// Values of `general.architecture` in GGUF files.
    let ggufNames: [String]
    /// Values of `model_type` in `config.json`.
    let modelTypes: [String]
    /// Whether GGUF files have the rows of q and k ordered so that pairs to be turned are neighbours.
    var isInterleavedInGGUF = false
    /// What the gate of the feed-forward part goes through.
    var activation: Activation = .silu
    /// Whether embeddings are multiplied by √hidden.
    var scalesEmbeddings = false
    /// What is added to the weights of norms in safetensors files; GGUF files hold the sums.
    var normOffset: Float = 0
    /// Whether the head is the table of embeddings unless `config.json` says otherwise.
    var tiesEmbeddings = false
    /// Whether `sliding_window` in `config.json` counts only with `use_sliding_window`.
    var windowIsOptional = false
}

/// The decoder families, in one table for both file formats.
enum DecoderTable {
    static let entries: [DecoderFamily] = [
        // Touvron et al. 2023; SmolLM, TinyLlama and Mistral (Jiang et al. 2023) are built alike.
        DecoderFamily(ggufNames: ["llama"], modelTypes: ["llama", "mistral"], isInterleavedInGGUF: true),
        // Yang et al. 2024: q, k and v have biases.
        DecoderFamily(ggufNames: ["qwen2"], modelTypes: ["qwen2"], windowIsOptional: true),
        // Yang et al. 2025: heads of q and k are normed.
        DecoderFamily(ggufNames: ["qwen3"], modelTypes: ["qwen3"], windowIsOptional: true),
        // Gemma Team 2024.
        DecoderFamily(
            ggufNames: ["gemma"], modelTypes: ["gemma"], activation: .geluTanh, scalesEmbeddings: true, normOffset: 1,
            tiesEmbeddings: true),
    ]

    private static let byGGUFName = NameTable(entries, names: \.ggufNames)
    private static let byModelType = NameTable(entries, names: \.modelTypes)

    static func find(ggufName name: String, file: String) throws -> DecoderFamily {
        guard let entry = byGGUFName[name] else {
            throw GGUFError.architecture(file: file, name: name, suggestion: byGGUFName.suggestion(for: name))
        }
        return entry
    }

    /// nil for encoders and everything else.
    static func find(modelType: String) -> DecoderFamily? { byModelType[modelType] }
}
