import MartletSupport

/// Why a tokenizer file cannot be used, or a text not be encoded.
package enum TokenizerError: Error, Equatable, Sendable {
    /// The file is not JSON.
    case json(JSONError)
    /// A part has a `type` that is not in our tables. `part` is a path such as `normalizer`.
    case unknownKind(file: String, part: String, kind: String, supported: [String])
    /// Something is missing, or is of a wrong type or value. `part` is a path such as `model.vocab`.
    case invalid(file: String, part: String, reason: String)
    /// A regular expression that is malformed, or has what is not supported.
    case invalidPattern(file: String, part: String, pattern: String, RegularExpressionError)
    /// A piece is not in the vocabulary, and the model names no token for that.
    case noUnknownToken
    /// `maxTokens` does not even hold the special tokens.
    case limitTooSmall(limit: Int, needed: Int)
    /// The truncation strategy works on the second text, which is not there or is too short.
    case cannotTruncate(strategy: String, limit: Int)
    /// An id to decode is not in the vocabulary.
    case unknownID(Int32)
}
