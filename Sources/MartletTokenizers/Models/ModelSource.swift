import MartletSupport

/// The `model` part of a tokenizer: options as a tree, the large lists as places in the file's text or in memory.
struct ModelSource {
    let bytes: UnsafeRawBufferPointer
    let options: PartReader
    let vocabulary: Range<Int>?
    let merges: Range<Int>?
    let lists: ModelLists?

    init(bytes: UnsafeRawBufferPointer, options: PartReader, vocabulary: Range<Int>?, merges: Range<Int>?) {
        self.bytes = bytes
        self.options = options
        self.vocabulary = vocabulary
        self.merges = merges
        lists = nil
    }

    init(options: PartReader, lists: ModelLists) {
        bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        self.options = options
        vocabulary = nil
        merges = nil
        self.lists = lists
    }

    func scanner(_ range: Range<Int>?, _ key: String) throws(TokenizerError) -> JSONScanner {
        guard let range else { throw options.invalid(key, "is missing") }
        return JSONScanner(bytes, range: range)
    }

    /// Reads `vocab` as an object from tokens to ids, straight from the text.
    func tokenMap() throws(TokenizerError) -> Vocabulary {
        if let lists { return try vocabulary(of: lists) }
        var scanner = try scanner(vocabulary, "vocab")
        // An entry such as `"token":12345,` takes about 16 bytes.
        var builder = VocabularyBuilder(expected: (scanner.end - scanner.offset) / 16)
        var buffer: [UInt8] = []
        do throws(JSONError) {
            guard try scanner.peek() == .object else { throw scanner.error(.unexpectedValue(expected: "an object")) }
            if try scanner.openObject() {
                repeat {
                    let key = try scanner.scanKey()
                    guard try scanner.peek() == .number, case .int(let value) = try scanner.scanNumber(),
                        let id = Int32(exactly: value), id >= 0
                    else { throw scanner.error(.unexpectedValue(expected: "a token id from 0 to 2147483647")) }
                    if key.isPlain {
                        try insert(scanner.plainBytes(of: key), id, &builder, scanner)
                    } else {
                        buffer.removeAll(keepingCapacity: true)
                        scanner.append(key, to: &buffer)
                        try insert(buffer, id, &builder, scanner)
                    }
                } while try scanner.nextMember()
            }
        } catch {
            throw .json(error.inFile(options.file))
        }
        return try finish(builder)
    }

    /// The vocabulary of lists in memory, where the place is the id.
    func vocabulary(of lists: ModelLists) throws(TokenizerError) -> Vocabulary {
        var builder = VocabularyBuilder(expected: lists.tokens.count)
        guard lists.tokens.count <= Int(Int32.max) else { throw options.invalid("vocab", "has too many tokens") }
        for (id, token) in lists.tokens.enumerated() {
            do throws(VocabularyBuilder.Failure) {
                try builder.insert(token, id: Int32(id))
            } catch {
                throw options.invalid(
                    "vocab", error == .tooLong ? "has a token that is too long" : "has too many tokens")
            }
        }
        return try finish(builder)
    }

    func finish(_ builder: VocabularyBuilder) throws(TokenizerError) -> Vocabulary {
        guard let vocabulary = builder.build() else {
            throw options.invalid("vocab", "has an id far beyond the number of its tokens")
        }
        return vocabulary
    }

    func insert(
        _ token: some Collection<UInt8>, _ id: Int32, _ builder: inout VocabularyBuilder, _ scanner: JSONScanner
    ) throws(JSONError) {
        do throws(VocabularyBuilder.Failure) {
            try builder.insert(token, id: id)
        } catch {
            throw scanner.error(.unexpectedValue(expected: error == .tooLong ? "a shorter token" : "fewer tokens"))
        }
    }
}
