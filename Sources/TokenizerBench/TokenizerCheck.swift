import MartletSupport
import MartletTokenizers

/// Compares a tokenizer with the reference's output on every text and on random sequences of ids.
struct TokenizerCheck {
    let folder: String
    let name: String

    func run() throws {
        let tokenizer = try Tokenizer.load(path: "\(folder)/\(name).json")
        let texts = try JSONLines.values("\(folder)/texts.jsonl").map { $0.string ?? "" }
        let outcomes = try JSONLines.values("\(folder)/\(name).ids.jsonl")
        var failures = 0
        var encoding = Encoding()
        for (text, outcome) in zip(texts, outcomes) {
            let expected = ids(outcome)
            try Array(text.utf8).withUnsafeBufferPointer {
                try tokenizer.encode($0, maxTokens: .max, into: &encoding)
            }
            if encoding.ids != expected {
                failures += 1
                if failures <= 5 { print(text.debugDescription, "\n  is", encoding.ids, "\n  not", expected) }
            } else if try !decodes(tokenizer, outcome) {
                failures += 1
            }
        }
        for outcome in try JSONLines.values("\(folder)/\(name).decode.jsonl") where try !decodes(tokenizer, outcome) {
            failures += 1
        }
        print("\(name): \(failures) of \(outcomes.count) texts and 2000 sequences differ")
    }

    private func ids(_ outcome: JSON) -> [Int32] {
        (outcome["ids"]?.array ?? []).compactMap { $0.int.map(Int32.init) }
    }

    private func decodes(_ tokenizer: Tokenizer, _ outcome: JSON) throws -> Bool {
        let ids = ids(outcome)
        let expected = outcome["decoded"]?.string ?? ""
        let decoded = try tokenizer.decode(ids)
        let kept = try tokenizer.decode(ids, keepsSpecialTokens: true)
        let same =
            decoded.utf8.elementsEqual(expected.utf8)
            && kept.utf8.elementsEqual((outcome["kept"]?.string ?? expected).utf8)
        if !same { print(ids, "\n  is", decoded.debugDescription, "\n  not", expected.debugDescription) }
        return same
    }
}

enum JSONLines {
    static func values(_ path: String) throws -> [JSON] {
        let file = try MappedFile(path: path)
        var scanner = JSONScanner(file.bytes)
        var values: [JSON] = []
        while !scanner.isAtEnd() { values.append(try scanner.scanValue()) }
        return withExtendedLifetime(file) { values }
    }
}
