import MartletSupport
import MartletTokenizers

/// A tokenizer file, then (after a NUL, which JSON cannot have) a text for it. The tree and the scanner agree on what JSON is,
/// what is written reads back; a tokenizer that loads gives ids of its vocabulary, the same ones each time.
@c(LLVMFuzzerTestOneInput)
func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let file = Array(parts[0])
    let text = parts.count > 1 ? Array(parts[1]) : Array("Don't  stop, caf\u{e9} e\u{301} \u{4e2d} 123 [CLS]".utf8)
    checkJSON(file)
    let loaded = file.withUnsafeBytes { bytes in
        Result { () throws(TokenizerError) in try Tokenizer(json: bytes, file: "fuzz") }
    }
    switch loaded {
    case .failure(let error): precondition(!error.explanation.message.isEmpty)
    case .success(let tokenizer): check(tokenizer, text)
    }
    return 0
}

private func checkJSON(_ bytes: [UInt8]) {
    let tree = try? JSON.parse(bytes)
    let isSkipped = bytes.withUnsafeBytes { bytes in
        var scanner = JSONScanner(bytes)
        return (try? scanner.skipValue()) != nil && scanner.isAtEnd()
    }
    precondition((tree != nil) == isSkipped, "the tree and the scanner disagree")
    if let tree { precondition(try! JSON.parse(tree.text) == tree, "what is written reads back otherwise") }
}

private func check(_ tokenizer: Tokenizer, _ text: [UInt8]) {
    var encoding = Encoding()
    text.withUnsafeBufferPointer { text in
        guard (try? tokenizer.encode(text, maxTokens: 1 << 30, into: &encoding)) != nil else { return }
        let first = encoding.ids
        precondition(first.count == encoding.fullLength && !encoding.wasTruncated)
        // Once more, from the cache of pieces.
        try! tokenizer.encode(text, maxTokens: 1 << 30, into: &encoding)
        precondition(encoding.ids == first, "a second look gives other ids")
        _ = try? tokenizer.decode(first)
        let limit = max(first.count / 2, tokenizer.specialTokenCount())
        if (try? tokenizer.encode(text, maxTokens: limit, into: &encoding)) != nil {
            precondition(encoding.ids.count == min(limit, first.count), "truncation left another number of tokens")
        }
        if (try? tokenizer.encode(text, pair: text, maxTokens: 100, into: &encoding)) != nil {
            precondition(encoding.ids.count <= 100)
            precondition(encoding.typeIDs.isEmpty || encoding.typeIDs.count == encoding.ids.count)
        }
    }
}
