import MartletData
import MartletPlanner

/// Numbers that say most of a column's order: a row with a lower code comes first; rows with equal codes must be compared.
///
/// The top bit tells nulls from values, the others are the upper 63 bits of the value, or of a text's first eight bytes.
struct SortCodes {
    let codes: [UInt64]

    init(_ column: Column, _ key: SortKey) {
        let flip: UInt64 = key.descending ? .max : 0
        let value: UInt64 = key.nullsFirst ? 1 << 63 : 0
        var codes: [UInt64]
        switch column.storage {
        case .bools: codes = column.withBools { $0.map { (($0 ? 2 : 0) ^ flip) >> 1 | value } }
        case .ints:
            codes = column.withInts { $0.map { ((UInt64(bitPattern: $0) ^ 1 << 63) ^ flip) >> 1 | value } }
        case .floats: codes = column.withFloats { $0.map { (Self.bits($0) ^ flip) >> 1 | value } }
        case .bytes:
            codes = column.withStrings { rows in
                (0..<rows.count).map { (Self.prefix(rows[$0]) ^ flip) >> 1 | value }
            }
        case .none, .list, .structure, .tensor, .tensors: codes = Array(repeating: value, count: column.count)
        }
        if !column.hasNoNulls {
            for row in codes.indices where column.isNull(row) { codes[row] = value ^ 1 << 63 }
        }
        self.codes = codes
    }

    /// In the order of floats: NaN last, -0 as 0.
    @inline(__always)
    private static func bits(_ value: Double) -> UInt64 {
        if value.isNaN { return .max }
        let bits = (value + 0).bitPattern
        return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    }

    @inline(__always)
    private static func prefix(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var result: UInt64 = 0
        for index in 0..<min(8, text.count) { result |= UInt64(text[index]) << UInt64(56 - 8 * index) }
        return result
    }
}
