/// A set of scalars in the form that matching wants. Owned by a `PatternProgram`.
struct ScalarClass {
    enum Entry {
        static let outside: UInt8 = 0
        static let inside: UInt8 = 1
        /// The first byte of a longer sequence, some of whose scalars may be inside.
        static let mixed: UInt8 = 2
    }
    /// An entry for each first byte of a scalar.
    let first: UnsafePointer<UInt8>
    /// For each run of 256 scalars the place of its block.
    private let blocks: UnsafePointer<UInt16>
    /// Bits of the scalars, four words to a block.
    private let bits: UnsafePointer<UInt64>

    private static let blockCount = 0x1100

    init(_ set: ScalarSet) {
        let blocks = UnsafeMutablePointer<UInt16>.allocate(capacity: Self.blockCount)
        // Blocks 0 and 1 are empty and full.
        var words: [UInt64] = [0, 0, 0, 0, .max, .max, .max, .max]
        blocks.initialize(repeating: 0, count: Self.blockCount)
        for range in set.ranges {
            var scalar = range.lowerBound
            while scalar <= range.upperBound {
                let block = Int(scalar >> 8)
                let last = min(range.upperBound, scalar | 0xFF)
                if last - scalar == 0xFF {
                    blocks[block] = 1
                } else {
                    if blocks[block] == 0 {
                        blocks[block] = UInt16(words.count / 4)
                        words += [0, 0, 0, 0]
                    }
                    let place = Int(blocks[block]) * 4
                    for low in (scalar & 0xFF)...(last & 0xFF) { words[place + Int(low >> 6)] |= 1 << UInt64(low & 63) }
                }
                scalar = last + 1
            }
        }
        let bits = UnsafeMutablePointer<UInt64>.allocate(capacity: words.count)
        bits.initialize(from: words, count: words.count)
        let first = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
        first.initialize(from: set.firstBytes.map { $0 ? Entry.mixed : Entry.outside }, count: 256)
        for byte in 0..<0x80 where first[byte] == Entry.mixed { first[byte] = Entry.inside }
        self.blocks = UnsafePointer(blocks)
        self.bits = UnsafePointer(bits)
        self.first = UnsafePointer(first)
    }

    func deallocate() {
        first.deallocate()
        blocks.deallocate()
        bits.deallocate()
    }

    @inline(__always)
    func contains(_ scalar: UInt32) -> Bool {
        let word = bits[Int(blocks[Int(scalar >> 8)]) << 2 | Int(scalar >> 6 & 3)]
        return word >> UInt64(scalar & 63) & 1 != 0
    }

    /// Length of the scalar at `position` if it is inside, else 0. The text must be well-formed UTF-8.
    @inline(__always)
    func length(_ text: UnsafePointer<UInt8>, _ position: Int, _ count: Int) -> Int {
        guard position < count else { return 0 }
        let entry = first[Int(text[position])]
        if entry != Entry.mixed { return Int(entry) }
        return longLength(text, position)
    }

    private func longLength(_ text: UnsafePointer<UInt8>, _ position: Int) -> Int {
        let (scalar, length) = decodeScalar(text, position)
        return contains(scalar) ? length : 0
    }
}

/// The scalar at `position` of well-formed UTF-8 and its length in bytes.
@inline(__always)
func decodeScalar(_ text: UnsafePointer<UInt8>, _ position: Int) -> (scalar: UInt32, length: Int) {
    let first = UInt32(text[position])
    if first < 0x80 { return (first, 1) }
    let second = UInt32(text[position + 1] & 0x3F)
    if first < 0xE0 { return ((first & 0x1F) << 6 | second, 2) }
    let third = UInt32(text[position + 2] & 0x3F)
    if first < 0xF0 { return ((first & 0x0F) << 12 | second << 6 | third, 3) }
    return ((first & 0x07) << 18 | second << 12 | third << 6 | UInt32(text[position + 3] & 0x3F), 4)
}

extension ScalarSet {
    /// For each byte whether a scalar of the set begins with it in UTF-8.
    var firstBytes: [Bool] {
        func lead(_ scalar: UInt32) -> Int {
            switch scalar {
            case ..<0x80: Int(scalar)
            case ..<0x800: Int(0xC0 | scalar >> 6)
            case ..<0x10000: Int(0xE0 | scalar >> 12)
            default: Int(0xF0 | scalar >> 18)
            }
        }
        var bytes = [Bool](repeating: false, count: 256)
        // First bytes ascend with scalars, but for the unused ones between.
        for range in ranges {
            for byte in lead(range.lowerBound)...lead(range.upperBound) { bytes[byte] = true }
        }
        // These begin no sequence.
        for byte in 0x80...0xC1 { bytes[byte] = false }
        return bytes
    }
}
