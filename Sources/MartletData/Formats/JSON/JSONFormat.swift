extension DataFormat {
    /// One JSON object per line.
    package static let jsonLines = DataFormat(
        name: "jsonl", extensions: ["jsonl", "ndjson"],
        summary: "JSON Lines: one object per line; columns are the union of the keys",
        example: "load 'reviews.jsonl' with (types = {score: 'float'})",
        readOptions: JSONReadOptions.described, writeOptions: [],
        sniff: { firstCharacter($0) == UInt8(ascii: "{") },
        open: { try JSONSource($0, JSONReadOptions($1), .lines) },
        makeWriter: { schema, _, sink in JSONRowWriter(schema, sink, isArray: false) })

    /// An array of objects, or objects one after the other.
    package static let json = DataFormat(
        name: "json", extensions: ["json"],
        summary: "JSON: one array of objects, or objects one after the other",
        example: "load 'reviews.json'",
        readOptions: JSONReadOptions.described, writeOptions: [],
        sniff: { firstCharacter($0) == UInt8(ascii: "[") },
        open: { try JSONSource($0, JSONReadOptions($1), .values) },
        makeWriter: { schema, _, sink in JSONRowWriter(schema, sink, isArray: true) })
}

/// The first byte that is neither white space nor a byte order mark.
private func firstCharacter(_ text: UnsafeBufferPointer<UInt8>) -> UInt8? {
    text.first { ![32, 10, 13, 9, 0xef, 0xbb, 0xbf].contains($0) }
}
