import MartletSupport
import MartletTokenizers
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// One line of a file that `scripts/reference/tokenizers.py` wrote.
struct ReferenceCase {
    let text: String
    let pair: String?
    let ids: [Int32]
    /// Empty when all are 0.
    let types: [Int32]
    let decoded: String?

    init?(_ json: JSON) {
        guard let text = json["text"]?.string, let ids = json["ids"]?.array else { return nil }
        self.text = text
        pair = json["pair"]?.string
        self.ids = ids.compactMap { $0.int.map(Int32.init) }
        types = (json["types"]?.array ?? []).compactMap { $0.int.map(Int32.init) }
        decoded = json["decoded"]?.string
    }
}

enum Fixture {
    static func path(_ name: String) throws -> String {
        let here = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return here + "/Fixtures/" + name
    }

    /// All values of a JSON Lines file.
    static func lines(_ path: String) throws -> [JSON] {
        let file = try MappedFile(path: path)
        var scanner = JSONScanner(file.bytes)
        var values: [JSON] = []
        while !scanner.isAtEnd() { values.append(try scanner.scanValue()) }
        return withExtendedLifetime(file) { values }
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        let file = try MappedFile(path: path(name))
        return withExtendedLifetime(file) { Array(file.bytes) }
    }

    /// The folder of downloaded data and models; nil when tests run without.
    static var data: String? {
        getenv("MARTLET_DATA").map { String(cString: $0) }
    }

    static func hasData(_ name: String) -> Bool {
        data.map { access("\($0)/\(name)", R_OK) == 0 } ?? false
    }
}

extension Tokenizer {
    init(_ json: [UInt8], file: String = "test.json") throws {
        self = try json.withUnsafeBytes { bytes in
            Result { () throws(TokenizerError) in try Tokenizer(json: bytes, file: file) }
        }.get()
    }

    init(_ json: JSON) throws {
        try self.init(Array(json.text.utf8))
    }
}

/// Encodes every case without truncation and expects the reference's ids and types.
func expectExact(
    _ tokenizer: Tokenizer, _ cases: [ReferenceCase], sourceLocation: SourceLocation = #_sourceLocation
) throws {
    var encoding = Encoding()
    var failures = 0
    for reference in cases {
        let text = Array(reference.text.utf8)
        let pair = reference.pair.map { Array($0.utf8) }
        try text.withUnsafeBufferPointer { text in
            if let pair {
                try pair.withUnsafeBufferPointer {
                    try tokenizer.encode(text, pair: $0, maxTokens: .max, into: &encoding)
                }
            } else {
                try tokenizer.encode(text, maxTokens: .max, into: &encoding)
            }
        }
        if encoding.ids == reference.ids, encoding.typeIDs == reference.types { continue }
        failures += 1
        if failures <= 3 {
            #expect(encoding.ids == reference.ids, "\(reference.text.debugDescription)", sourceLocation: sourceLocation)
            #expect(
                encoding.typeIDs == reference.types, "\(reference.text.debugDescription)",
                sourceLocation: sourceLocation)
        }
    }
    #expect(failures == 0, "of \(cases.count) cases", sourceLocation: sourceLocation)
}
