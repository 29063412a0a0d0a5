import MartletSupport

/// Text to token ids and back, exactly as the `tokenizers` package does with the same `tokenizer.json`.
///
/// Immutable: one tokenizer serves all threads, each with its own `Encoding`. Padding that the file asks for is ignored,
/// because batches are packed.
package struct Tokenizer: Sendable {
    let file: String
    let normalizer: (any Normalizer)?
    let preTokenizer: (any PreTokenizer)?
    let model: any TokenModel
    let postProcessor: PostProcessor
    let decoder: (any TokenDecoder)?
    let truncation: Truncation?
    let addedTokens: [AddedToken]
    /// Tokens searched in the text as given, and in the normalized text.
    let givenMatcher: AddedTokenMatcher
    let normalizedMatcher: AddedTokenMatcher
    let bertPath: BertPath?
    /// Tells tokenizers of this process apart.
    let serial: UInt64
    /// Hash of the file's bytes: equal files give equal ids. Not meant against forgery.
    package let fingerprint: UInt64

    /// Encodes one text, or a pair, of UTF-8 bytes. Invalid bytes count as U+FFFD.
    ///
    /// `maxTokens` (special tokens included) takes the place of the limit in the file; strategy and direction stay.
    package func encode(
        _ text: UnsafeBufferPointer<UInt8>, pair: UnsafeBufferPointer<UInt8>? = nil, maxTokens: Int? = nil,
        into encoding: inout Encoding
    ) throws(TokenizerError) {
        encoding.first.removeAll(keepingCapacity: true)
        encoding.second.removeAll(keepingCapacity: true)
        try appendIDs(of: text, to: &encoding.first, &encoding.workspace)
        if let pair { try appendIDs(of: pair, to: &encoding.second, &encoding.workspace) }
        try assemble(isPair: pair != nil, maxTokens: maxTokens, &encoding)
    }

    package func encode(_ text: String, pair: String? = nil, maxTokens: Int? = nil) throws(TokenizerError) -> Encoding {
        var encoding = Encoding()
        let first = Array(text.utf8)
        let second = pair.map { Array($0.utf8) }
        try first.withUnsafeBufferPointer { first in
            Result { () throws(TokenizerError) in
                guard let second else { return try encode(first, maxTokens: maxTokens, into: &encoding) }
                try second.withUnsafeBufferPointer { second in
                    Result { () throws(TokenizerError) in
                        try encode(first, pair: second, maxTokens: maxTokens, into: &encoding)
                    }
                }.get()
            }
        }.get()
        return encoding
    }

    /// Truncates, and puts special tokens around the texts' ids.
    private func assemble(isPair: Bool, maxTokens: Int?, _ encoding: inout Encoding) throws(TokenizerError) {
        let parts = postProcessor.parts(isPair: isPair)
        let specials = PostProcessor.specialCount(parts)
        let (first, second) = (encoding.first.count, encoding.second.count)
        encoding.fullLength = first + second + specials
        var kept = (first: first, second: second)
        var truncation = truncation
        if let maxTokens {
            truncation = truncation ?? Truncation(limit: maxTokens)
            truncation?.limit = maxTokens
        }
        if let truncation {
            kept = try truncation.lengths(first: first, second: isPair ? second : nil, specials: specials)
        }
        let cutsLeft = truncation?.cutsLeft ?? false
        encoding.ids.removeAll(keepingCapacity: true)
        encoding.typeIDs.removeAll(keepingCapacity: true)
        for part in parts {
            let type: Int32
            let start = encoding.ids.count
            switch part {
            case .special(let ids, let number):
                encoding.ids.append(contentsOf: ids)
                type = number
            case .first(let number):
                let range = cutsLeft ? first - kept.first..<first : 0..<kept.first
                encoding.ids.append(contentsOf: encoding.first[range])
                type = number
            case .second(let number):
                let range = cutsLeft ? second - kept.second..<second : 0..<kept.second
                encoding.ids.append(contentsOf: encoding.second[range])
                type = number
            }
            if type != 0, encoding.typeIDs.isEmpty {
                encoding.typeIDs.append(contentsOf: repeatElement(0, count: start))
            }
            if type != 0 || !encoding.typeIDs.isEmpty {
                encoding.typeIDs.append(contentsOf: repeatElement(type, count: encoding.ids.count - start))
            }
        }
        if encoding.typeIDs.allSatisfy({ $0 == 0 }) { encoding.typeIDs.removeAll(keepingCapacity: true) }
    }

    /// Appends the ids of a whole text, without special tokens.
    private func appendIDs(
        of text: UnsafeBufferPointer<UInt8>, to ids: inout [Int32], _ workspace: inout Workspace
    ) throws(TokenizerError) {
        guard UTF8Text.isWellFormed(text) else {
            let repaired = Array(String(decoding: text, as: UTF8.self).utf8)
            return try repaired.withUnsafeBufferPointer { text in
                Result { () throws(TokenizerError) in try appendIDs(of: text, to: &ids, &workspace) }
            }.get()
        }
        var last = 0
        for match in givenMatcher.matches(in: text) {
            try appendIDs(ofSegment: last..<match.range.lowerBound, of: text, to: &ids, &workspace)
            ids.append(match.id)
            last = match.range.upperBound
        }
        try appendIDs(ofSegment: last..<text.count, of: text, to: &ids, &workspace)
    }

    /// Appends the ids of the text between two added tokens: normalizes it and looks for the other added tokens.
    private func appendIDs(
        ofSegment range: Range<Int>, of text: UnsafeBufferPointer<UInt8>, to ids: inout [Int32],
        _ workspace: inout Workspace
    ) throws(TokenizerError) {
        if range.isEmpty { return }
        let segment = UnsafeBufferPointer(rebasing: text[range])
        if let bertPath, try bertPath.encode(segment, into: &ids) { return }
        var normalized = Array(segment)
        normalizer?.normalize(&normalized)
        try normalized.withUnsafeBufferPointer { text in
            Result { () throws(TokenizerError) in
                var last = 0
                let isAtStart = range.lowerBound == 0
                for match in normalizedMatcher.matches(in: text) {
                    try appendPieces(
                        UnsafeBufferPointer(rebasing: text[last..<match.range.lowerBound]),
                        isAtStart: isAtStart && last == 0, to: &ids, &workspace)
                    ids.append(match.id)
                    last = match.range.upperBound
                }
                try appendPieces(
                    UnsafeBufferPointer(rebasing: text[last...]), isAtStart: isAtStart && last == 0, to: &ids,
                    &workspace)
            }
        }.get()
    }

    /// Appends the ids of normalized text without added tokens.
    private func appendPieces(
        _ text: UnsafeBufferPointer<UInt8>, isAtStart: Bool, to ids: inout [Int32], _ workspace: inout Workspace
    ) throws(TokenizerError) {
        if text.isEmpty { return }
        guard let preTokenizer else { return try model.encode(text, into: &ids) }
        workspace.pieces.removeAll()
        preTokenizer.split(text, isAtStart: isAtStart, into: &workspace.pieces)
        let isCached = model.isWorthCaching
        var cache = PieceCache()
        if isCached {
            swap(&cache, &workspace.cache)
            cache.claim(serial)
        }
        defer { if isCached { swap(&cache, &workspace.cache) } }
        try workspace.pieces.bytes.withUnsafeBufferPointer { bytes in
            Result { () throws(TokenizerError) in
                for piece in workspace.pieces.pieces {
                    let text = UnsafeBufferPointer(rebasing: bytes[piece.range])
                    if isCached, cache.append(text, to: &ids) { continue }
                    let before = ids.count
                    try model.encode(text, into: &ids)
                    if isCached { cache.insert(text, ids[before...]) }
                }
            }
        }.get()
    }
}
