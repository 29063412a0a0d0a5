import MartletData
import MartletModels
import MartletPlanner
import MartletTokenizers
import Synchronization

/// A model in the process's cache: what was loaded, and its signature in the language.
final class StoredModel: Sendable {
    let loaded: LoadedModel
    let options: MartletModels.ModelOptions
    /// Whether one input is made of two strings.
    let takesPairs: Bool
    let signature: ModelSignature
    /// What each output of the signature is made from.
    let sources: [OutputSource]
    private let tokenizerState = Mutex<Tokenizer?>(nil)
    private let pieceState = Mutex<[String]?>(nil)

    enum OutputSource: Hashable, Sendable {
        /// Output number `n` of the model's graph.
        case graph(Int)
        /// The name of the most probable class.
        case label
        /// The greatest probability.
        case score
        /// The text of the token with the greatest of the logits in output number `n`.
        case next(Int)
    }

    init(_ loaded: LoadedModel, options: MartletModels.ModelOptions, takesPairs: Bool, file: String) throws {
        self.loaded = loaded
        self.options = options
        self.takesPairs = takesPairs
        let parts = SignatureParts(loaded, takesPairs: takesPairs)
        signature = parts.signature(loaded, file: file)
        sources = parts.sources
    }

    /// Whether strings go in, through a tokenizer.
    var takesText: Bool { loaded.text != nil && loaded.tokenizerPath != nil }

    /// How strings become token ids; nil if the model takes tensors. Made at the first call.
    func textEncoding() throws -> TextEncoding? {
        guard takesText, let path = loaded.tokenizerPath else { return nil }
        let tokenizer = try tokenizerState.withLock { state -> Tokenizer in
            if let state { return state }
            let made =
                try loaded.vocabulary.map { try Tokenizer($0, key: loaded.contentHash) } ?? Tokenizer.load(path: path)
            state = made
            return made
        }
        return TextEncoding(
            tokenizer: tokenizer, maxTokens: loaded.maxTokens, truncates: options.truncate, takesPairs: takesPairs)
    }

    /// The text that each token adds after others, by id. Made at the first call.
    func pieces() throws -> [String] {
        guard let tokenizer = try textEncoding()?.tokenizer else { return [] }
        return pieceState.withLock { state in
            if let state { return state }
            let made = tokenizer.pieces()
            state = made
            return made
        }
    }
}
