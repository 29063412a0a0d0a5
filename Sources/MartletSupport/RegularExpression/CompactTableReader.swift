/// Reads LEB128 numbers from base64 text without padding: the form of the generated Unicode tables.
package struct CompactTableReader {
    private let text: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var bits: UInt32 = 0
    private var bitCount: UInt32 = 0

    package init(_ table: StaticString) {
        text = UnsafeBufferPointer(start: table.utf8Start, count: table.utf8CodeUnitCount)
    }

    private mutating func byte() -> UInt8? {
        while bitCount < 8 {
            guard index < text.count else { return nil }
            let sextet: UInt8
            switch text[index] {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): sextet = text[index] - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): sextet = text[index] - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): sextet = text[index] - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): sextet = 62
            default: sextet = 63
            }
            index += 1
            bits = bits << 6 | UInt32(sextet)
            bitCount += 6
        }
        bitCount -= 8
        return UInt8(truncatingIfNeeded: bits >> bitCount)
    }

    /// The next number; nil at the end.
    package mutating func next() -> UInt32? {
        var value: UInt32 = 0
        var shift: UInt32 = 0
        while let byte = byte() {
            value |= UInt32(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    /// The next number, which the table must have.
    package mutating func number() -> UInt32 {
        guard let value = next() else { preconditionFailure("bug: a Unicode table ends early") }
        return value
    }

    /// The next number in zigzag form, added to `base`.
    package mutating func number(from base: UInt32) -> UInt32 {
        let value = number()
        let difference = Int32(bitPattern: value >> 1) ^ -Int32(bitPattern: value & 1)
        return UInt32(Int32(bitPattern: base) + difference)
    }

    /// Pairs: gap since the end of the last range, length.
    package static func ranges(_ table: StaticString) -> [ClosedRange<UInt32>] {
        var reader = CompactTableReader(table)
        var ranges: [ClosedRange<UInt32>] = []
        var last: UInt32 = 0
        while let gap = reader.next() {
            let first = last + gap
            last = first + reader.number()
            ranges.append(first...last - 1)
        }
        return ranges
    }

    /// Triples: gap since the end of the last range, length, value.
    package static func classes(_ table: StaticString) -> [(range: ClosedRange<UInt32>, value: UInt8)] {
        var reader = CompactTableReader(table)
        var runs: [(range: ClosedRange<UInt32>, value: UInt8)] = []
        var last: UInt32 = 0
        while let gap = reader.next() {
            let first = last + gap
            last = first + reader.number()
            runs.append((first...last - 1, UInt8(reader.number())))
        }
        return runs
    }
}
