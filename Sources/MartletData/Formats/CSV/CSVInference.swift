/// What the fields of a column can all be read as. Starts with everything and loses types field by field.
///
/// Text that a number would not give back is no number: `007`, `+49`, and whole numbers beyond 64 bits stay strings.
struct CSVTypeGuess {
    private var canBeBool = true
    private var canBeInt = true
    private var canBeFloat = true
    private var canBeTimestamp = true
    private var hasDigits = false
    private(set) var hasValues = false

    mutating func see(_ text: UnsafeBufferPointer<UInt8>) {
        hasValues = true
        if canBeBool, NumberText.parseBool(text) == nil { canBeBool = false }
        if canBeInt || canBeFloat {
            if CSVTypeGuess.losesDigits(text) {
                canBeInt = false
                canBeFloat = false
            }
            if canBeInt, NumberText.parseInt(text) == nil { canBeInt = false }
            if canBeInt {
                hasDigits = true
            } else if canBeFloat {
                if let value = NumberText.parseDouble(text) {
                    if value.isFinite { hasDigits = true }
                } else {
                    canBeFloat = false
                }
            }
        }
        if canBeTimestamp, TimestampText.parse(text) == nil { canBeTimestamp = false }
    }

    /// nil: the column has no values.
    var type: DataType? {
        if !hasValues { return nil }
        if canBeBool { return .bool }
        if canBeInt { return .int }
        if canBeFloat, hasDigits { return .float }
        if canBeTimestamp { return .timestamp }
        return .string
    }

    /// A leading plus or needless zero, or a whole number beyond 64 bits: reading it as a number would lose something.
    @inline(__always)
    static func losesDigits(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = text.first else { return false }
        if first == UInt8(ascii: "+") { return true }
        let start = first == UInt8(ascii: "-") ? 1 : 0
        guard text.count - start >= 2 else { return false }
        let second = text[start + 1]
        if text[start] == UInt8(ascii: "0"), second >= UInt8(ascii: "0"), second <= UInt8(ascii: "9") { return true }
        guard text.count - start >= 19 else { return false }
        return text[start...].allSatisfy { $0 >= 48 && $0 <= 57 } && NumberText.parseInt(text) == nil
    }
}
