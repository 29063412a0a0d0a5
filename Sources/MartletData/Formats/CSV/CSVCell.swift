import MartletSupport

/// How the fields of one column become values.
struct CSVCell {
    let name: String
    let type: DataType
    /// Rows the type was inferred from; nil if it was declared. Inferred numbers must not lose digits.
    let inferredFrom: Int?
    let kind: Kind

    enum Kind { case bool, int, float, string, bytes, timestamp, json }

    init(name: String, type: DataType, inferredFrom: Int?) {
        self.name = name
        self.type = type
        self.inferredFrom = inferredFrom
        kind =
            switch type {
            case .bool: .bool
            case .int: .int
            case .float: .float
            case .bytes: .bytes
            case .timestamp: .timestamp
            case .list, .structure, .tensor: .json
            case .string, .labels, .null: .string
            }
    }

    /// Whether a field can be read as `type`. Lists, structs and tensors stand as JSON.
    static func canHold(_ type: DataType) -> Bool {
        switch type {
        case .null, .labels: false
        case .bytes: true
        default: JSONShape.canRead(type)
        }
    }

    /// Appends the value of a field that is not null; false if the text is no such value.
    @inline(__always)
    func append(_ text: UnsafeBufferPointer<UInt8>, to builder: inout ColumnBuilder) -> Bool {
        switch kind {
        case .string: builder.append(utf8: text)
        case .int:
            guard let value = int(text) else { return false }
            builder.append(int: value)
        case .float:
            guard let value = float(text) else { return false }
            builder.append(float: value)
        case .bool:
            guard let value = NumberText.parseBool(text) else { return false }
            builder.append(bool: value)
        case .timestamp:
            guard let value = TimestampText.parse(text) else { return false }
            builder.append(int: value)
        case .bytes: return appendBytes(text, to: &builder)
        case .json: return appendJSON(text, to: &builder)
        }
        return true
    }

    /// Whether the text is a value of a column that is not wanted.
    @inline(__always)
    func accepts(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        switch kind {
        case .string: return true
        case .int: return int(text) != nil
        case .float: return float(text) != nil
        case .bool: return NumberText.parseBool(text) != nil
        case .timestamp: return TimestampText.parse(text) != nil
        case .bytes, .json:
            var scratch = ColumnBuilder(type)
            return append(text, to: &scratch)
        }
    }

    @inline(__always)
    func int(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard let value = NumberText.parseInt(text), inferredFrom == nil || !CSVTypeGuess.losesDigits(text) else {
            return nil
        }
        return value
    }

    @inline(__always)
    func float(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        guard let value = NumberText.parseDouble(text), inferredFrom == nil || !CSVTypeGuess.losesDigits(text) else {
            return nil
        }
        return value
    }

    /// `\x` and pairs of hexadecimal digits.
    private func appendBytes(_ text: UnsafeBufferPointer<UInt8>, to builder: inout ColumnBuilder) -> Bool {
        guard text.count >= 2, text.count % 2 == 0, text[0] == UInt8(ascii: "\\"), text[1] | 0x20 == UInt8(ascii: "x")
        else {
            return false
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        for index in stride(from: 2, to: text.count, by: 2) {
            guard let high = Self.digit(text[index]), let low = Self.digit(text[index + 1]) else { return false }
            bytes.append(high << 4 | low)
        }
        bytes.withUnsafeBufferPointer { builder.append(utf8: $0) }
        return true
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }

    private func appendJSON(_ text: UnsafeBufferPointer<UInt8>, to builder: inout ColumnBuilder) -> Bool {
        var scanner = JSONScanner(UnsafeRawBufferPointer(text))
        let before = builder.count
        do {
            try JSONShape(type).append(&scanner, to: &builder)
            try scanner.expectEnd()
            return true
        } catch {
            builder.truncate(to: before)
            return false
        }
    }
}
