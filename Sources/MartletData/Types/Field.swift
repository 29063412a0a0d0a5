/// A named, typed column of a schema, or a named part of a struct.
package struct Field: Hashable, Sendable {
    /// As written; lookup ignores case.
    package var name: String
    package var type: DataType
    /// False is a promise: no value is null.
    package var nullable: Bool

    package init(_ name: String, _ type: DataType, nullable: Bool = true) {
        self.name = name
        self.type = type
        self.nullable = nullable
    }

    /// `score float` or `id int not null`.
    package var text: String { "\(quotedIfNeeded(name)) \(type.text)\(nullable ? "" : " not null")" }
}

/// `name` as it must stand in the language: bare if it is an identifier, else in double quotes.
func quotedIfNeeded(_ name: String) -> String {
    let bytes = name.utf8
    let plain =
        bytes.allSatisfy { byte in
            byte == UInt8(ascii: "_") || byte >= 0x80
                || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
                || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
        } && !(bytes.first.map { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ?? true)
    if plain { return name }
    return "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
}
