import MartletSupport

/// The options that a script gave to a format, checked by name; values are checked when they are asked for.
package struct FormatOptions: Sendable {
    private let values: [String: Value]

    package static let none = FormatOptions(values: [:])

    private init(values: [String: Value]) { self.values = values }

    /// Throws `ReadError.unknownOption`. `format` itself is always allowed.
    package init(_ given: [(name: String, value: Value)], allowed: [FormatOption], format: String) throws {
        var names: [String: String] = ["format": "format"]
        for option in allowed {
            for name in [option.name] + option.aliases { names[name] = option.name }
        }
        var values: [String: Value] = [:]
        for (name, value) in given {
            guard let known = names[name.lowercased()] else {
                throw ReadError.unknownOption(
                    name: name, format: format, suggestion: closestName(to: name, among: names.keys.sorted()))
            }
            values[known] = value
        }
        self.values = values
    }

    package func has(_ name: String) -> Bool { values[name] != nil }

    package subscript(name: String) -> Value? { values[name] }

    func bool(_ name: String) throws -> Bool? {
        guard let value = values[name] else { return nil }
        guard case .bool(let flag) = value else { throw bad(name, "true or false") }
        return flag
    }

    func int(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let value = values[name] else { return nil }
        guard case .int(let number) = value, let int = Int(exactly: number), range.contains(int) else {
            throw bad(name, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return int
    }

    /// A single ASCII character that is no line end; `\t` stands for a tab. An empty string is nil inside.
    func character(_ name: String) throws -> UInt8?? {
        guard let value = values[name] else { return nil }
        guard case .string(let text) = value else { throw bad(name, "one character") }
        if text.isEmpty { return .some(nil) }
        if text == "\\t" { return .some(UInt8(ascii: "\t")) }
        guard text.utf8.count == 1, let byte = text.utf8.first, byte != 10, byte != 13, byte != 0 else {
            throw bad(name, "one ASCII character")
        }
        return .some(byte)
    }

    func string(_ name: String) throws -> String? {
        guard let value = values[name] else { return nil }
        guard case .string(let text) = value else { throw bad(name, "a string") }
        return text
    }

    /// A string or a list of strings.
    func strings(_ name: String) throws -> [String]? {
        switch values[name] {
        case nil: return nil
        case .string(let text): return [text]
        case .list(let elements):
            return try elements.map { element in
                guard case .string(let text) = element else { throw bad(name, "a list of strings") }
                return text
            }
        default: throw bad(name, "a string or a list of strings")
        }
    }

    /// `{name: 'type', …}`.
    func types(_ name: String) throws -> [(name: String, type: DataType)]? {
        guard let value = values[name] else { return nil }
        guard case .structure(let fields) = value else {
            throw bad(name, "types by name, such as {id: 'int', text: 'string'}")
        }
        return try fields.map { field in
            guard case .string(let text) = field.value else { throw bad(name, "types in strings, such as {id: 'int'}") }
            return (field.name, try DataType(parsing: text))
        }
    }

    func bad(_ name: String, _ wanted: String) -> ReadError {
        .badOption(name: name, value: values[name]?.text ?? "", wanted: wanted)
    }
}
