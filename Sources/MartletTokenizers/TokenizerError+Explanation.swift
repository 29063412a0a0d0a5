import MartletSupport

extension TokenizerError: Explainable {
    package var explanation: Explanation {
        switch self {
        case .json(let error): return error.explanation
        case .unknownKind(let file, let part, let kind, let supported):
            let close = closestName(to: kind, among: supported)
            return Explanation(
                code: "E0680", message: "tokenizer's \(part) is of unknown kind `\(kind)`",
                place: InputPlace(file: file),
                notes: ["supported here: " + supported.joined(separator: ", ")],
                help: close.map { "did you mean `\($0)`?" })
        case .invalid(let file, let part, let reason):
            return Explanation(
                code: "E0681", message: "tokenizer's \(part) \(reason)", place: InputPlace(file: file),
                help: "the file should be a tokenizer.json as the tokenizers package writes it")
        case .invalidPattern(let file, let part, let pattern, let error):
            return Explanation(
                code: "E0682", message: "the regular expression of the tokenizer's \(part) \(error.words)",
                place: InputPlace(file: file), notes: ["at character \(error.offset) of the pattern \(pattern)"])
        case .noUnknownToken:
            return Explanation(
                code: "E0683",
                message: "a piece of the text is not in the vocabulary, and the tokenizer has no unknown token",
                help: "set `unk_token` (or `unk_id`) in the tokenizer's model to a token of the vocabulary")
        case .limitTooSmall(let limit, let needed):
            return Explanation(
                code: "E0684", message: "max_tokens = \(limit) does not hold the \(needed) special tokens",
                help: "set max_tokens to more than \(needed)")
        case .cannotTruncate(let strategy, let limit):
            return Explanation(
                code: "E0685", message: "truncation `\(strategy)` cannot bring the texts down to \(limit) tokens",
                help: "use the strategy `LongestFirst`")
        case .unknownID(let id):
            return Explanation(code: "E0686", message: "token id \(id) is not in the vocabulary")
        }
    }
}
