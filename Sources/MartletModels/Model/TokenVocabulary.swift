import MartletSupport

/// What a model's own file says of its tokenizer, in the terms of `tokenizer.json`: MartletModels knows no tokenizers.
package struct TokenVocabulary: Sendable {
    /// The file, for errors and caches.
    package var file: String
    /// The top level of a `tokenizer.json`; its `model` has neither `vocab` nor `merges`.
    package var parts: JSON
    /// Tokens by id.
    package var tokens: [[UInt8]]
    /// A number for each token; empty if there are none.
    package var scores: [Double]
    /// `"left right"` by rank; empty if merges follow from the scores.
    package var merges: [[UInt8]]
}
