import MartletSupport

/// The tokenizer in a GGUF file's metadata, in the terms of `tokenizer.json`.
struct GGUFTokenizer {
    private let file: GGUFFile
    private let tokens: [[UInt8]]
    private let kinds: [Int]

    /// Kinds of tokens, by their number in `tokenizer.ggml.token_type`.
    private static let control = 3
    private static let userDefined = 4

    static let maximumTokens = 1 << 24

    /// nil if the file has no vocabulary. Throws `GGUFError`.
    init?(_ file: GGUFFile) throws {
        guard let list = file.metadata["tokenizer.ggml.tokens"] else { return nil }
        self.file = file
        guard let array = list.array, array.count <= Self.maximumTokens, let tokens = array.strings else {
            throw GGUFError.metadata(
                file: file.path, key: "tokenizer.ggml.tokens", reason: "it is no list of at most 16777216 strings")
        }
        self.tokens = tokens
        kinds = file.metadata["tokenizer.ggml.token_type"]?.array?.ints ?? []
        guard kinds.isEmpty || kinds.count == tokens.count else {
            throw wrong("token_type", "it has \(kinds.count) elements for \(tokens.count) tokens")
        }
    }

    private func wrong(_ key: String, _ reason: String) -> GGUFError {
        .metadata(file: file.path, key: "tokenizer.ggml.\(key)", reason: reason)
    }

    private func value(_ key: String) -> GGUFValue? { file.metadata["tokenizer.ggml.\(key)"] }

    /// Throws `GGUFError` for kinds of tokenizer that are not known.
    func vocabulary() throws -> TokenVocabulary {
        switch value("model")?.string {
        case "gpt2": return try byteLevel()
        case "llama": return try sentencePiece()
        case let other: throw wrong("model", "`\(other ?? "")` is not supported, only `gpt2` and `llama`")
        }
    }

    // MARK: Byte-level BPE

    /// How text is cut before merging, by `tokenizer.ggml.pre`: the pre-tokenizer, whether whole words are looked up first,
    /// and whether texts begin with the first token unless the file says otherwise.
    private struct Cutting {
        var steps: [JSON]
        var prefersWhole = false
        var addsBegin = false
    }

    private static let words: JSON = [
        "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true,
    ]
    private static let bytes: JSON = [
        "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false,
    ]
    private static let digits: JSON = ["type": "Digits", "individual_digits": true]

    private static func split(_ digits: String) -> JSON {
        let pattern =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\(digits)| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
            + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
        return ["type": "Split", "pattern": ["Regex": .string(pattern)], "behavior": "Isolated", "invert": false]
    }

    private static let cuttings: [String: Cutting] = {
        let gpt2 = Cutting(steps: [words])
        let singleDigits = Cutting(steps: [digits, words])
        let llama3 = Cutting(steps: [split("\\p{N}{1,3}"), bytes], prefersWhole: true, addsBegin: true)
        let qwen2 = Cutting(steps: [split("\\p{N}"), bytes])
        return [
            "gpt-2": gpt2, "phi-2": gpt2, "jina-es": gpt2, "jina-de": gpt2, "gigachat": gpt2, "mpt": gpt2, "olmo": gpt2,
            "jais": gpt2, "trillion": gpt2, "roberta-bpe": gpt2,
            "smollm": singleDigits, "starcoder": singleDigits, "refact": singleDigits, "command-r": singleDigits,
            "codeshell": singleDigits, "exaone": singleDigits,
            "llama3": llama3, "llama-v3": llama3, "llama-bpe": llama3, "qwen2": qwen2,
        ]
    }()

    private func byteLevel() throws -> TokenVocabulary {
        let name = value("pre")?.string ?? "default"
        guard let cutting = Self.cuttings[name] else {
            let known = Self.cuttings.keys.sorted().joined(separator: ", ")
            throw wrong("pre", "`\(name)` is not supported; known are \(known)")
        }
        guard let merges = value("merges")?.array?.strings else { throw wrong("merges", "it is no list of strings") }
        let parts: JSON = [
            "added_tokens": addedTokens,
            "pre_tokenizer": ["type": "Sequence", "pretokenizers": .array(cutting.steps)],
            "model": ["type": "BPE", "ignore_merges": .bool(cutting.prefersWhole)],
            "post_processor": try template(addsBegin: cutting.addsBegin),
            "decoder": ["type": "ByteLevel"],
        ]
        return TokenVocabulary(file: file.path, parts: parts, tokens: tokens, scores: [], merges: merges)
    }

    // MARK: SentencePiece

    private func sentencePiece() throws -> TokenVocabulary {
        guard let scores = value("scores")?.array?.numbers, scores.count == tokens.count else {
            throw wrong("scores", "it is no list of a number for each token")
        }
        var steps: [JSON] = [["type": "Replace", "pattern": ["String": " "], "content": "▁"]]
        if value("add_space_prefix")?.bool ?? true { steps.insert(["type": "Prepend", "prepend": "▁"], at: 0) }
        var model = JSONObject([("type", "BPE"), ("byte_fallback", true), ("fuse_unk", true)])
        let unknown = value("unknown_token_id")?.int ?? 0
        if tokens.indices.contains(unknown) { model["unk_token"] = text(unknown) }
        let parts: JSON = [
            "added_tokens": addedTokens, "normalizer": ["type": "Sequence", "normalizers": .array(steps)],
            "model": .object(model), "post_processor": try template(addsBegin: true),
            "decoder": [
                "type": "Sequence",
                "decoders": [
                    ["type": "Replace", "pattern": ["String": "▁"], "content": " "], ["type": "ByteFallback"],
                    ["type": "Fuse"], ["type": "Strip", "content": " ", "start": 1, "stop": 0],
                ],
            ],
        ]
        return TokenVocabulary(file: file.path, parts: parts, tokens: tokens, scores: scores, merges: [])
    }

    // MARK: Parts of both

    private func text(_ id: Int) -> JSON { .string(String(decoding: tokens[id], as: UTF8.self)) }

    /// Tokens that are found in the text before it is cut.
    private var addedTokens: JSON {
        let found = kinds.indices.filter { [Self.control, Self.userDefined].contains(kinds[$0]) }
        return .array(
            found.map { id in
                [
                    "id": .int(Int64(id)), "content": text(id), "single_word": false, "lstrip": false, "rstrip": false,
                    "normalized": false, "special": .bool(kinds[id] == Self.control),
                ]
            })
    }

    /// The first and the last token around a text.
    private func template(addsBegin: Bool) throws -> JSON {
        var special = JSONObject()
        func token(_ flag: String, default adds: Bool, _ key: String) throws -> [JSON] {
            guard value(flag)?.bool ?? adds else { return [] }
            guard let id = value(key)?.int, tokens.indices.contains(id), let name = text(id).string else {
                throw wrong(key, "it is no token's id, but texts get this token")
            }
            special[name] = ["id": .string(name), "ids": [.int(Int64(id))], "tokens": [.string(name)]]
            return [["SpecialToken": ["id": .string(name), "type_id": 0]]]
        }
        let begin = try token("add_bos_token", default: addsBegin, "bos_token_id")
        let end = try token("add_eos_token", default: false, "eos_token_id")
        func sequence(_ name: JSON) -> JSON { ["Sequence": ["id": name, "type_id": 0]] }
        return [
            "type": "TemplateProcessing", "single": .array(begin + [sequence("A")] + end),
            "pair": .array(begin + [sequence("A")] + end + [sequence("B")] + end), "special_tokens": .object(special),
        ]
    }
}
