/// Checks UTF-8 one sequence at a time (Unicode, table 3-7: well-formed byte sequences).
package enum UTF8Sequence {
    /// Length in bytes (1…4) of the well-formed sequence at `index`, or 0 when there is none before `end`.
    /// The caller has checked `index < end` and `end <= bytes.count`.
    package static func length(in bytes: UnsafeRawBufferPointer, at index: Int, end: Int) -> Int {
        let first = bytes.load(fromByteOffset: index, as: UInt8.self)
        if first < 0x80 { return 1 }
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard index + length <= end else { return 0 }
        guard second.contains(bytes.load(fromByteOffset: index + 1, as: UInt8.self)) else { return 0 }
        if length > 2 {
            for next in index + 2..<index + length {
                guard bytes.load(fromByteOffset: next, as: UInt8.self) & 0xC0 == 0x80 else { return 0 }
            }
        }
        return length
    }
}
