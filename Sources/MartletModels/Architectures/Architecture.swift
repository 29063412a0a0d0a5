import MartletGraph

/// A family of models in Hugging Face folders. Each has a file in `Architectures` and a line in `ArchitectureTable`.
package struct Architecture: Sendable {
    /// Values of `model_type` in `config.json`.
    package let modelTypes: [String]
    /// What a head puts before the encoder's weights.
    let prefixes: [String]
    let size: @Sendable (ModelConfig) throws -> TransformerSize
    /// Token states [tokens, hidden].
    let encode: @Sendable (inout EncoderBuilder, TransformerSize) throws -> ValueID
    /// Logits [rows, classes] of the family's sequence-classification head, from token states.
    let classify: @Sendable (inout EncoderBuilder, TransformerSize, ValueID, Int) throws -> ValueID
    /// Whether ids of token types are an input.
    let usesTypes: Bool
}
