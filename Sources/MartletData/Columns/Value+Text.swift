import MartletTensor

extension Value {
    /// The canonical text: `null`, `true`, `12`, `0.5`, a string as it is, bytes as `\x0aff`, a timestamp in ISO 8601,
    /// `[1, 2]`, `{a: 1, b: x}`; a tensor nests a list per dimension. Strings within lists and structs are in single quotes.
    package var text: String {
        var output = ""
        append(to: &output, nested: false, limit: .max)
        return output
    }

    /// `text` with at most `limit` elements of each list and tensor dimension, then `…`.
    package func text(limit: Int) -> String {
        var output = ""
        append(to: &output, nested: false, limit: limit)
        return output
    }

    private func append(to output: inout String, nested: Bool, limit: Int) {
        switch self {
        case .null: output += "null"
        case .bool(let value): output += value ? "true" : "false"
        case .int(let value): output += "\(value)"
        case .float(let value): output += value.shortestText
        case .string(let value):
            output +=
                nested
                ? "'" + value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
                : value
        case .bytes(let value): output += "\\x" + hexadecimal(value)
        case .timestamp(let value): output += TimestampText.text(value)
        case .list(let values):
            output += "["
            for (index, value) in values.enumerated() {
                if index > 0 { output += ", " }
                guard index < limit else {
                    output += "…"
                    break
                }
                value.append(to: &output, nested: true, limit: limit)
            }
            output += "]"
        case .structure(let fields):
            output += "{"
            for (index, field) in fields.enumerated() {
                if index > 0 { output += ", " }
                output += quotedIfNeeded(field.name) + ": "
                field.value.append(to: &output, nested: true, limit: limit)
            }
            output += "}"
        case .tensor(let tensor): tensor.append(to: &output, dimension: 0, first: 0, limit: limit)
        }
    }
}

extension Tensor {
    fileprivate func append(to output: inout String, dimension: Int, first: Int, limit: Int) {
        guard dimension < rank else {
            if case .float(let value) = element(at: first), dtype != .float64 {
                output += Float(value).shortestText
            } else {
                output += element(at: first).text
            }
            return
        }
        let stride = shape[(dimension + 1)...].reduce(1, *)
        output += "["
        for index in 0..<shape[dimension] {
            if index > 0 { output += ", " }
            guard index < limit else {
                output += "…"
                break
            }
            append(to: &output, dimension: dimension + 1, first: first + index * stride, limit: limit)
        }
        output += "]"
    }
}

extension Double {
    /// As `FloatText` writes it.
    package var shortestText: String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: FloatText.maximumLength) { buffer in
            guard let base = buffer.baseAddress else { return "" }
            let count = FloatText.write(self, to: base)
            return String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
        }
    }
}

extension Float {
    /// As `FloatText` writes it.
    package var shortestText: String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: FloatText.maximumLength) { buffer in
            guard let base = buffer.baseAddress else { return "" }
            let count = FloatText.write(self, to: base)
            return String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
        }
    }
}

/// Two lower-case digits per byte.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits: StaticString = "0123456789abcdef"
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits.utf8Start[Int(byte >> 4)])
        text.append(digits.utf8Start[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
