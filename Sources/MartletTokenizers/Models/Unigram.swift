import MartletSupport

/// SentencePiece's unigram model: the segmentation with the largest sum of scores (Viterbi).
struct Unigram: TokenModel {
    let vocabulary: Vocabulary
    let isWorthCaching = true
    /// Scores (log probabilities) by id.
    private let scores: [Double]
    private let unknown: Int32?
    private let unknownScore: Double
    private let byteIDs: [Int32]?
    private let prefixes: PrefixFilter

    init(source: ModelSource) throws(TokenizerError) {
        let options = source.options
        (vocabulary, scores) = try Self.entries(source)
        if let id = try options.optionalCount("unk_id") {
            guard id < scores.count else { throw options.invalid("unk_id", "is not in the vocabulary") }
            unknown = Int32(id)
        } else {
            unknown = nil
        }
        // As SentencePiece: ten below the least score.
        unknownScore = (scores.min() ?? 0) - 10
        byteIDs = try options.bool("byte_fallback", default: false) ? vocabulary.byteIDs() : nil
        prefixes = PrefixFilter(vocabulary)
    }

    /// Reads `vocab`: `[["token", score], …]`, where the place is the id.
    private static func entries(_ source: ModelSource) throws(TokenizerError) -> (Vocabulary, [Double]) {
        if let lists = source.lists {
            guard lists.scores.count == lists.tokens.count else {
                throw source.options.invalid(
                    "vocab", "has \(lists.scores.count) scores for \(lists.tokens.count) tokens")
            }
            return (try source.vocabulary(of: lists), lists.scores)
        }
        var scanner = try source.scanner(source.vocabulary, "vocab")
        // An entry such as `["token",-9.1234],` takes about 24 bytes.
        var builder = VocabularyBuilder(expected: (scanner.end - scanner.offset) / 24)
        var scores: [Double] = []
        var token: [UInt8] = []
        do throws(JSONError) {
            guard try scanner.peek() == .array else {
                throw scanner.error(.unexpectedValue(expected: "an array of [token, score]"))
            }
            if try scanner.openArray() {
                repeat {
                    guard try scanner.peek() == .array, try scanner.openArray() else {
                        throw scanner.error(.unexpectedValue(expected: "[token, score]"))
                    }
                    try scanner.scanString(into: &token)
                    guard try scanner.nextElement(), try scanner.peek() == .number else {
                        throw scanner.error(.unexpectedValue(expected: "[token, score]"))
                    }
                    switch try scanner.scanNumber() {
                    case .int(let value): scores.append(Double(value))
                    case .double(let value): scores.append(value)
                    }
                    guard try !scanner.nextElement(), let id = Int32(exactly: scores.count - 1) else {
                        throw scanner.error(.unexpectedValue(expected: "[token, score]"))
                    }
                    try source.insert(token, id, &builder, scanner)
                } while try scanner.nextElement()
            }
        } catch {
            throw .json(error.inFile(source.options.file))
        }
        return (try source.finish(builder), scores)
    }

    /// The best segmentation that ends at a place.
    private struct Node {
        var score = 0.0
        /// Where its last piece starts; -1 when none ends here.
        var start = -1
        var id: Int32 = 0
    }

    func encode(_ piece: UnsafeBufferPointer<UInt8>, into ids: inout [Int32]) throws(TokenizerError) {
        guard let base = piece.baseAddress, !piece.isEmpty else { return }
        var nodes = [Node](repeating: Node(), count: piece.count + 1)
        try search(base, count: piece.count, &nodes)
        // Back from the end; unknown pieces in a row are one.
        var pieces: [(range: Range<Int>, id: Int32)] = []
        var end = piece.count
        while end > 0 {
            let node = nodes[end]
            if let unknown, node.id == unknown, let last = pieces.last, last.id == unknown {
                pieces[pieces.count - 1].range = node.start..<last.range.upperBound
            } else {
                pieces.append((node.start..<end, node.id))
            }
            end = node.start
        }
        for (range, id) in pieces.reversed() {
            if id == unknown {
                try appendUnknown(UnsafeBufferPointer(rebasing: piece[range]), to: &ids)
            } else {
                ids.append(id)
            }
        }
    }

    private func appendUnknown(_ text: UnsafeBufferPointer<UInt8>, to ids: inout [Int32]) throws(TokenizerError) {
        let id = vocabulary.id(text)
        if id >= 0 {
            ids.append(id)
        } else if let byteIDs, text.allSatisfy({ byteIDs[Int($0)] >= 0 }) {
            for byte in text { ids.append(byteIDs[Int(byte)]) }
        } else if let unknown {
            ids.append(unknown)
        } else {
            throw .noUnknownToken
        }
    }

    private func search(_ text: UnsafePointer<UInt8>, count: Int, _ nodes: inout [Node]) throws(TokenizerError) {
        var start = 0
        while start < count {
            let here = nodes[start].score
            let single = start + UTF8Text.length(first: text[start])
            var hasSingle = false
            var hash = ByteHash()
            var end = start
            while end < count, end - start < vocabulary.longest {
                let next = end + UTF8Text.length(first: text[end])
                while end < next {
                    hash.add(text[end])
                    end += 1
                }
                guard prefixes.mayContain(hash) else { break }
                let id = vocabulary.id(hash: hash, prefix: [], text + start, count: end - start)
                guard id >= 0 else { continue }
                let score = scores[Int(id)] + here
                if nodes[end].start < 0 || score > nodes[end].score {
                    nodes[end] = Node(score: score, start: start, id: id)
                }
                if end == single { hasSingle = true }
            }
            if !hasSingle {
                let score = unknownScore + here
                if nodes[single].start < 0 || score > nodes[single].score {
                    guard let unknown else { throw .noUnknownToken }
                    nodes[single] = Node(score: score, start: start, id: unknown)
                }
            }
            start = single
        }
    }
}
