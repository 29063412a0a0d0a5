import MartletData

/// `text` without ASCII white space at either end.
func trimmed(_ text: String) -> Substring {
    func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || (scalar.value >= 9 && scalar.value <= 13) }
    var rest = text.unicodeScalars[...]
    while let first = rest.first, isSpace(first) { rest.removeFirst() }
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return Substring(rest)
}

func parseBool(_ text: Substring) -> Bool? {
    switch text.lowercased() {
    case "true", "t", "yes", "y", "1": true
    case "false", "f", "no", "n", "0": false
    default: nil
    }
}

/// Decimal digits with an optional sign.
func parseInt(_ text: Substring) -> Int64? {
    text.utf8.count <= 64 ? Int64(text, radix: 10) : nil
}

/// A decimal number, `nan`, `inf` or `infinity`, with an optional sign.
func parseFloat(_ text: Substring) -> Double? {
    let isPlain = text.utf8.allSatisfy { $0 != UInt8(ascii: "x") && $0 != UInt8(ascii: "X") && $0 != UInt8(ascii: "(") }
    return isPlain && text.utf8.count <= 1_024 ? Double(text) : nil
}

/// ISO 8601, as files are read.
func parseTimestamp(_ text: Substring) -> Int64? {
    var text = text
    return text.withUTF8 { TimestampText.parse($0) }
}
