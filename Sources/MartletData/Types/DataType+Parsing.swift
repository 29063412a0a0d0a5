import MartletTensor

extension DataType {
    /// Parses the language's text form. `text` is short; nesting is limited to 32 levels.
    ///
    /// SQL's names are understood as well: `integer bigint double real varchar text boolean blob`.
    /// Throws `SchemaError.invalidType`.
    package init(parsing text: String) throws(SchemaError) {
        var parser = TypeParser(text: text)
        let type = try parser.type(depth: 0)
        try parser.end()
        self = type
    }

    /// Scalar type of a name, nil if it is none.
    package static func scalar(named name: String) -> DataType? {
        switch name.lowercased() {
        case "null": .null
        case "bool", "boolean": .bool
        case "int", "integer", "bigint", "int64": .int
        case "float", "double", "real", "float64": .float
        case "string", "varchar", "text": .string
        case "bytes", "blob": .bytes
        case "timestamp": .timestamp
        default: nil
        }
    }

    /// Tensor element type of a name: a `DType` name, or `int` for int64, `float` for float32.
    package static func element(named name: String) -> DType? {
        switch name.lowercased() {
        case "int": .int64
        case "float32": .float32
        case let name: DType.columnTypes.first { $0.name == name }
        }
    }
}

/// type = name [ "[" [ dim { "," dim } ] "]" ] | "list" "(" type ")" | "struct" "(" name type { "," name type } ")"
private struct TypeParser {
    let text: String
    let bytes: [UInt8]
    var position = 0

    init(text: String) {
        self.text = text
        bytes = Array(text.utf8.prefix(65_536))
    }

    mutating func type(depth: Int) throws(SchemaError) -> DataType {
        guard depth < 32 else { throw failure("it is nested more than 32 levels deep") }
        let start = position
        let name = try word("a type name")
        switch name.lowercased() {
        case "list":
            try expect("(")
            let element = try type(depth: depth + 1)
            try expect(")")
            return .list(element)
        case "struct":
            try expect("(")
            var fields: [Field] = []
            repeat {
                let name = try word("a field name")
                if fields.contains(where: { $0.name.lowercased() == name.lowercased() }) {
                    throw failure("field `\(name)` stands twice")
                }
                let type = try type(depth: depth + 1)
                fields.append(Field(name, type, nullable: try !notNull()))
            } while take(",")
            try expect(")")
            return .structure(fields)
        default: break
        }
        guard take("[") else {
            if let type = DataType.scalar(named: name) { return type }
            position = start
            throw failure("there is no type `\(name)`")
        }
        guard let dtype = DataType.element(named: name) else {
            position = start
            throw failure("`\(name)` is no tensor element type")
        }
        var dims: [Dimension] = []
        if take("]") { return .tensor(dtype, dims) }
        repeat { dims.append(try dimension()) } while take(",")
        try expect("]")
        guard dims.count <= Tensor.maximumRank else {
            throw failure("it has more than \(Tensor.maximumRank) dimensions")
        }
        return .tensor(dtype, dims)
    }

    mutating func dimension() throws(SchemaError) -> Dimension {
        if take("?") { return .unknown }
        let name = try word("a dimension")
        guard let first = name.utf8.first, first >= 48, first <= 57 else { return .named(name) }
        guard let size = Int(name), size <= Tensor.maximumByteCount else { throw failure("`\(name)` is no dimension") }
        return .fixed(size)
    }

    mutating func notNull() throws(SchemaError) -> Bool {
        let start = position
        skipSpace()
        guard position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "n") else { return false }
        guard try word("`not null`").lowercased() == "not" else {
            position = start
            return false
        }
        guard try word("`null`").lowercased() == "null" else { throw failure("`not` needs `null`") }
        return true
    }

    mutating func word(_ wanted: String) throws(SchemaError) -> String {
        skipSpace()
        if take("\"") {
            var name: [UInt8] = []
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                if byte == UInt8(ascii: "\"") {
                    guard position < bytes.count, bytes[position] == byte else {
                        return String(decoding: name, as: UTF8.self)
                    }
                    position += 1
                }
                name.append(byte)
            }
            throw failure("a quoted name does not end")
        }
        let start = position
        while position < bytes.count, Self.isWord(bytes[position]) { position += 1 }
        guard position > start else { throw failure("\(wanted) is missing") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    static func isWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_") || (byte >= 48 && byte <= 57)
            || (byte | 0x20 >= 97 && byte | 0x20 <= 122)
    }

    mutating func skipSpace() {
        while position < bytes.count, [32, 9, 10, 13].contains(bytes[position]) { position += 1 }
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ character: Unicode.Scalar) throws(SchemaError) {
        guard take(character) else { throw failure("`\(character)` is missing") }
    }

    mutating func end() throws(SchemaError) {
        skipSpace()
        guard position == bytes.count else { throw failure("there is more after the type") }
    }

    func failure(_ reason: String) -> SchemaError { .invalidType(text: text, offset: position, reason: reason) }
}
