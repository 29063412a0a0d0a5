import MartletSupport
import Synchronization

/// Serial of the tokenizer that was made last.
private let lastSerial = Atomic<UInt64>(0)

extension Tokenizer {
    /// Reads a `tokenizer.json`. Throws `FileError` or `TokenizerError`.
    package static func load(path: String) throws -> Tokenizer {
        let file = try MappedFile(path: path)
        return try withExtendedLifetime(file) { try Tokenizer(json: file.bytes, file: path) }
    }

    /// Reads the text of a `tokenizer.json`; `file` is for errors. Nothing refers to `bytes` afterwards.
    package init(json bytes: UnsafeRawBufferPointer, file: String) throws(TokenizerError) {
        let sections: Sections
        do throws(JSONError) {
            sections = try Sections(bytes)
        } catch {
            throw .json(error.inFile(file))
        }
        let root = PartReader(file: file, path: "", json: sections.root)
        let source = ModelSource(
            bytes: bytes, options: PartReader(file: file, path: "model", json: sections.modelOptions),
            vocabulary: sections.vocabulary, merges: sections.merges)
        guard sections.hasModel else { throw root.invalid("model", "is missing") }
        try self.init(root: root, source: source, fingerprint: Self.fingerprint(bytes))
    }

    /// A tokenizer from parts in memory, for vocabularies in other file formats.
    ///
    /// `parts` is what a `tokenizer.json` has at its top level, but `model` has no `vocab` and `merges`: these are `lists`.
    /// `file` is for errors; `fingerprint` must be equal only for equal tokenizers.
    package init(lists: ModelLists, parts: JSON, file: String, fingerprint: UInt64) throws(TokenizerError) {
        let root = PartReader(file: file, path: "", json: parts)
        let source = ModelSource(options: try root.requiredPart("model"), lists: lists)
        try self.init(root: root, source: source, fingerprint: fingerprint)
    }

    private init(root: PartReader, source: ModelSource, fingerprint: UInt64) throws(TokenizerError) {
        let normalizer = try root.part("normalizer").map(NormalizerTable.make)
        let preTokenizer = try root.part("pre_tokenizer").map(PreTokenizerTable.make)
        let model = try TokenModelTable.make(source)
        let addedTokens = try Self.addedTokens(root, model.vocabulary)

        file = root.file
        self.normalizer = normalizer
        self.preTokenizer = preTokenizer
        self.model = model
        self.addedTokens = addedTokens
        postProcessor = try root.part("post_processor").map(PostProcessorTable.make) ?? .plain
        decoder = try root.part("decoder").map(TokenDecoderTable.make)
        truncation = try root.part("truncation").map(Truncation.init)
        givenMatcher = AddedTokenMatcher(addedTokens.filter { !$0.isNormalized }.map { ($0.content, $0) })
        normalizedMatcher = AddedTokenMatcher(
            addedTokens.filter(\.isNormalized).map { token in
                var content = token.content
                normalizer?.normalize(&content)
                return (content, token)
            })
        bertPath =
            normalizedMatcher.isEmpty
            ? BertPath(normalizer: normalizer, preTokenizer: preTokenizer, model: model) : nil
        serial = lastSerial.add(1, ordering: .relaxed).newValue
        self.fingerprint = fingerprint
    }

    private static func fingerprint(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash = UInt64(bytes.count)
        var index = 0
        while index + 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
            index += 8
        }
        for byte in bytes[index...] { hash = (hash ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15 }
        return hash ^ hash >> 32
    }

    /// Added tokens have the vocabulary's id, else the next free one, whatever id stands beside them: as in the reference.
    private static func addedTokens(
        _ root: PartReader, _ vocabulary: Vocabulary
    ) throws(TokenizerError) -> [AddedToken] {
        guard let list = root.part("added_tokens") else { return [] }
        var tokens: [AddedToken] = []
        var known: Set<[UInt8]> = []
        var largest: Int32 = -1
        for part in try list.elements() {
            var token = try AddedToken(part)
            guard !token.content.isEmpty, known.insert(token.content).inserted else { continue }
            let own = vocabulary.id(token.content)
            token.id = own >= 0 ? own : max(Int32(vocabulary.count), largest + 1)
            largest = max(largest, token.id)
            tokens.append(token)
        }
        return tokens
    }

    /// The file's top level: small parts as a tree, the model's long lists as places.
    private struct Sections {
        var root: JSON
        var hasModel = false
        var modelOptions = JSON.object(JSONObject())
        var vocabulary: Range<Int>?
        var merges: Range<Int>?

        init(_ bytes: UnsafeRawBufferPointer) throws(JSONError) {
            var scanner = JSONScanner(bytes)
            var members = JSONObject()
            if try scanner.openObject() {
                repeat {
                    let key = scanner.string(try scanner.scanKey())
                    if key == "model" {
                        hasModel = true
                        modelOptions = try Self.model(&scanner, &vocabulary, &merges)
                    } else {
                        members[key] = try scanner.scanValue()
                    }
                } while try scanner.nextMember()
            }
            try scanner.expectEnd()
            root = .object(members)
        }

        private static func model(
            _ scanner: inout JSONScanner, _ vocabulary: inout Range<Int>?, _ merges: inout Range<Int>?
        ) throws(JSONError) -> JSON {
            var members = JSONObject()
            (vocabulary, merges) = (nil, nil)
            if try scanner.openObject() {
                repeat {
                    switch scanner.string(try scanner.scanKey()) {
                    case "vocab": vocabulary = try scanner.skipValue()
                    case "merges": merges = try scanner.skipValue()
                    case let key: members[key] = try scanner.scanValue()
                    }
                } while try scanner.nextMember()
            }
            return .object(members)
        }
    }
}
