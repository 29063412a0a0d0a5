extension JSON {
    /// Parses a text that is exactly one JSON value, with white space around it.
    package static func parse(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> JSON {
        var scanner = JSONScanner(bytes)
        let value = try scanner.scanValue()
        try scanner.expectEnd()
        return value
    }

    package static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSON {
        try bytes.withUnsafeBytes { buffer in Result { () throws(JSONError) in try parse(buffer) } }.get()
    }

    package static func parse(_ text: String) throws(JSONError) -> JSON {
        try parse(Array(text.utf8))
    }
}

extension JSONScanner {
    /// Scans one value of any kind into a tree of at most `maximumDepth` levels.
    package mutating func scanValue() throws(JSONError) -> JSON {
        try scanValue(depth: 0)
    }

    private mutating func scanValue(depth: Int) throws(JSONError) -> JSON {
        switch try peek() {
        case .null:
            try scanNull()
            return .null
        case .bool: return .bool(try scanBool())
        case .number:
            switch try scanNumber() {
            case .int(let value): return .int(value)
            case .double(let value): return .number(value)
            }
        case .string: return .string(string(try scanString()))
        case .array:
            try checkDepth(depth)
            var elements: [JSON] = []
            if try openArray() {
                repeat { elements.append(try scanValue(depth: depth + 1)) } while try nextElement()
            }
            return .array(elements)
        case .object:
            try checkDepth(depth)
            var object = JSONObject()
            if try openObject() {
                repeat {
                    let key = string(try scanKey())
                    object[key] = try scanValue(depth: depth + 1)
                } while try nextMember()
            }
            return .object(object)
        }
    }
}
