extension JSONError: Explainable {
    package var explanation: Explanation {
        Explanation(
            code: "E0610", message: message,
            place: InputPlace(file: file ?? "JSON text", line: line, column: column, offset: offset), help: remedy)
    }

    private var message: String {
        if case .unexpectedValue(let expected) = reason { return "\(expected) should be here" }
        return "not valid JSON: \(words)"
    }

    private var words: String {
        switch reason {
        case .unexpectedEnd: "the text ends in the middle of a value"
        case .unexpectedByte(let byte, let expected): "found \(name(of: byte)) where \(expected) should be"
        case .unexpectedValue(let expected): "\(expected) should be here"
        case .unterminatedString: "the text ends inside a string"
        case .controlCharacter(let byte): "\(name(of: byte)) stands unescaped in a string"
        case .invalidEscape: "unknown escape in a string"
        case .loneSurrogate: "`\\u` escape is half of a surrogate pair"
        case .invalidUTF8: "the bytes are not UTF-8"
        case .leadingZero: "a number begins with a needless zero"
        case .numberOutOfRange: "a number is beyond the range of a 64-bit float"
        case .trailingBytes: "something follows the end of the value"
        case .tooDeep(let limit): "arrays and objects are nested more than \(limit) deep"
        }
    }

    private var remedy: String? {
        switch reason {
        case .unexpectedEnd, .unterminatedString: "the file may be truncated; fetch or write it again"
        case .controlCharacter: "write it as an escape such as `\\n` or `\\u0000`"
        case .invalidUTF8: "convert the file to UTF-8"
        default: nil
        }
    }

    private func name(of byte: UInt8) -> String {
        if byte > 0x20, byte < 0x7F { return "`\(Unicode.Scalar(byte))`" }
        let digits = String(byte, radix: 16)
        return "byte 0x" + (digits.count < 2 ? "0" : "") + digits
    }
}
