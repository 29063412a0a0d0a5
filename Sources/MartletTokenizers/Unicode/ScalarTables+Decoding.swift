/// Reads the numbers of one of the `UnicodeTables`: base64 without padding, of LEB128.
private struct TableReader {
    private let text: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var bits: UInt32 = 0
    private var bitCount: UInt32 = 0

    init(_ table: StaticString) {
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
    mutating func next() -> UInt32? {
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
    mutating func number() -> UInt32 {
        guard let value = next() else { preconditionFailure("bug: a Unicode table ends early") }
        return value
    }

    /// The next number in zigzag form, added to `base`.
    mutating func number(from base: UInt32) -> UInt32 {
        let value = number()
        let difference = Int32(bitPattern: value >> 1) ^ -Int32(bitPattern: value & 1)
        return UInt32(Int32(bitPattern: base) + difference)
    }
}

/// Pairs: gap since the end of the last range, length.
func decodeRanges(_ table: StaticString) -> [ClosedRange<UInt32>] {
    var reader = TableReader(table)
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
func decodeClasses(_ table: StaticString) -> [(range: ClosedRange<UInt32>, value: UInt8)] {
    var reader = TableReader(table)
    var runs: [(range: ClosedRange<UInt32>, value: UInt8)] = []
    var last: UInt32 = 0
    while let gap = reader.next() {
        let first = last + gap
        last = first + reader.number()
        runs.append((first...last - 1, UInt8(reader.number())))
    }
    return runs
}

/// Entries: gap since the last source, number of outputs, each output from the one at its place before.
func decodeMap(_ table: StaticString) -> ScalarMap {
    var reader = TableReader(table)
    var scalars: [UInt32] = []
    var starts: [Int] = []
    var outputs: [UInt32] = []
    var previous: [UInt32] = []
    var last: UInt32 = 0
    while let gap = reader.next() {
        last += gap
        scalars.append(last)
        starts.append(outputs.count)
        for place in 0..<Int(reader.number()) {
            if place == previous.count { previous.append(0) }
            previous[place] = reader.number(from: previous[place])
            outputs.append(previous[place])
        }
    }
    starts.append(outputs.count)
    return ScalarMap(scalars: scalars, starts: starts, outputs: outputs)
}

/// Entries: gap since the last first scalar, second scalar and composite, both from the last ones.
func decodeCompositions(_ table: StaticString) -> CompositionMap {
    var reader = TableReader(table)
    var pairs: [UInt64] = []
    var composites: [UInt32] = []
    var (first, second, composite): (UInt32, UInt32, UInt32) = (0, 0, 0)
    while let gap = reader.next() {
        first += gap
        second = reader.number(from: second)
        composite = reader.number(from: composite)
        pairs.append(UInt64(first) << 32 | UInt64(second))
        composites.append(composite)
    }
    return CompositionMap(pairs: pairs, composites: composites)
}
