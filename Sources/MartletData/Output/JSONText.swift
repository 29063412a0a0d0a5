import MartletSupport
import MartletTensor

extension TextBuffer {
    /// Row `row` of `column` as JSON. NaN and infinities, which JSON cannot say, are the strings "nan", "inf", "-inf"; bytes are
    /// `"\\x…"`, timestamps ISO 8601. Null members of structs are written.
    mutating func appendJSON(_ column: Column, row: Int) {
        if column.isNull(row) { return append("null") }
        switch column.storage {
        case .none: append("null")
        case .bools(let values): append(values[column.offset + row] ? "true" : "false")
        case .ints(let values):
            let value = values[column.offset + row]
            if column.type == .timestamp {
                append(UInt8(ascii: "\""))
                append(TimestampText.text(value))
                append(UInt8(ascii: "\""))
            } else {
                append(value)
            }
        case .floats(let values): appendJSON(values[column.offset + row])
        case .bytes:
            column.withUTF8(row) { text in
                if column.type == .bytes {
                    append("\"\\\\x")
                    append(hexadecimal(text))
                    append(UInt8(ascii: "\""))
                } else {
                    appendJSONString(text)
                }
            }
        case .list:
            let elements = column.list(row)
            append(UInt8(ascii: "["))
            for index in 0..<elements.count {
                if index > 0 { append(UInt8(ascii: ",")) }
                appendJSON(elements, row: index)
            }
            append(UInt8(ascii: "]"))
        case .structure(let children):
            guard case .structure(let fields) = column.type else { return append("null") }
            append(UInt8(ascii: "{"))
            for (index, child) in children.enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                appendJSONString(fields[index].name)
                append(UInt8(ascii: ":"))
                appendJSON(child, row: column.offset + row)
            }
            append(UInt8(ascii: "}"))
        case .tensor(let tensor):
            let shape = tensor.shape[1...]
            appendJSON(tensor, shape, first: (column.offset + row) * shape.reduce(1, *))
        case .tensors(let tensors):
            let tensor = tensors[column.offset + row]
            appendJSON(tensor, tensor.shape[...], first: 0)
        }
    }

    /// Elements from `first` on as nested arrays of `shape`.
    private mutating func appendJSON(_ tensor: Tensor, _ shape: ArraySlice<Int>, first: Int) {
        guard let size = shape.first else { return appendJSON(tensor.element(at: first)) }
        append(UInt8(ascii: "["))
        let inner = shape.dropFirst()
        if inner.isEmpty, tensor.dtype == .float32, tensor.isAligned {
            let values = tensor.elements(Float.self)
            for index in 0..<size {
                if index > 0 { append(UInt8(ascii: ",")) }
                let value = values[first &+ index]
                if value.isFinite { append(value) } else { appendJSON(Double(value)) }
            }
        } else {
            let stride = inner.reduce(1, *)
            for index in 0..<size {
                if index > 0 { append(UInt8(ascii: ",")) }
                appendJSON(tensor, inner, first: first + index * stride)
            }
        }
        append(UInt8(ascii: "]"))
    }

    private mutating func appendJSON(_ scalar: Value) {
        switch scalar {
        case .bool(let value): append(value ? "true" : "false")
        case .int(let value): append(value)
        case .float(let value): appendJSON(value)
        default: append("null")
        }
    }

    private mutating func appendJSON(_ value: Double) {
        if value.isFinite { return append(value) }
        append(UInt8(ascii: "\""))
        append(value)
        append(UInt8(ascii: "\""))
    }

    mutating func appendJSONString(_ text: String) {
        var text = text
        text.withUTF8 { appendJSONString($0) }
    }

    /// In quotes; quotes, backslashes and control characters are escaped, all else stands for itself.
    mutating func appendJSONString(_ text: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        var start = 0
        for index in 0..<text.count {
            let byte = text[index]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
            append(UnsafeBufferPointer(rebasing: text[start..<index]))
            start = index &+ 1
            append(UInt8(ascii: "\\"))
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
            case 8: append(UInt8(ascii: "b"))
            case 9: append(UInt8(ascii: "t"))
            case 10: append(UInt8(ascii: "n"))
            case 12: append(UInt8(ascii: "f"))
            case 13: append(UInt8(ascii: "r"))
            default:
                append("u00")
                append(hexadecimal([byte]))
            }
        }
        append(UnsafeBufferPointer(rebasing: text[start...]))
        append(UInt8(ascii: "\""))
    }
}
