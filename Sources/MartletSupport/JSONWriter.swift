/// Writes compact JSON as UTF-8 bytes.
package enum JSONWriter {
    /// Appends `value` without white space. A number that is not finite, which JSON cannot say, becomes `null`.
    package static func append(_ value: JSON, to output: inout [UInt8]) {
        switch value {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .int(let value): output.append(contentsOf: value.description.utf8)
        case .number(let value): append(value, to: &output)
        case .string(let value): append(value, to: &output)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                append(element, to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let object):
            output.append(UInt8(ascii: "{"))
            for (index, (key, value)) in object.members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                append(key, to: &output)
                output.append(UInt8(ascii: ":"))
                append(value, to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    /// Appends the shortest decimal that reads back as `value`, or `null` when it is not finite.
    package static func append(_ value: Double, to output: inout [UInt8]) {
        output.append(contentsOf: value.isFinite ? value.description.utf8 : "null".utf8)
    }

    /// Appends the shortest decimal that reads back as `value`, or `null` when it is not finite.
    package static func append(_ value: Float, to output: inout [UInt8]) {
        output.append(contentsOf: value.isFinite ? value.description.utf8 : "null".utf8)
    }

    /// Appends `text` in quotes, escaped.
    package static func append(_ text: String, to output: inout [UInt8]) {
        var text = text
        text.withUTF8 { append(utf8: UnsafeRawBufferPointer($0), to: &output) }
    }

    /// Appends valid UTF-8 in quotes. Quotes, backslashes and control characters are escaped, all else stands for itself.
    package static func append(utf8 bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var start = 0
        for index in bytes.indices {
            let byte = bytes[index]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte != 0x7F { continue }
            output.append(contentsOf: bytes[start..<index])
            start = index + 1
            output.append(UInt8(ascii: "\\"))
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
            case 0x08: output.append(UInt8(ascii: "b"))
            case 0x0C: output.append(UInt8(ascii: "f"))
            case 0x0A: output.append(UInt8(ascii: "n"))
            case 0x0D: output.append(UInt8(ascii: "r"))
            case 0x09: output.append(UInt8(ascii: "t"))
            default:
                output.append(contentsOf: "u00".utf8)
                for digit in [byte >> 4, byte & 15] {
                    output.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
                }
            }
        }
        output.append(contentsOf: bytes[start...])
        output.append(UInt8(ascii: "\""))
    }
}

extension JSON {
    /// The value as compact JSON text.
    package var text: String {
        var output: [UInt8] = []
        JSONWriter.append(self, to: &output)
        return String(decoding: output, as: UTF8.self)
    }
}
