/// Bits packed into 64-bit words, least significant first; bit `i` is bit `i % 64` of word `i / 64`. Unused bits are zero.
package struct Bitmap: Hashable, Sendable {
    package private(set) var words: [UInt64]
    package private(set) var count: Int

    package init() {
        words = []
        count = 0
    }

    package init(repeating bit: Bool, count: Int) {
        words = Array(repeating: bit ? ~0 : 0, count: (count + 63) / 64)
        self.count = count
        clearUnused()
    }

    package init(_ bits: some Sequence<Bool>) {
        self.init()
        for bit in bits { append(bit) }
    }

    package subscript(index: Int) -> Bool {
        @inline(__always) get { words[index &>> 6] &>> UInt64(truncatingIfNeeded: index & 63) & 1 != 0 }
        @inline(__always) set {
            let mask = 1 &<< UInt64(truncatingIfNeeded: index & 63)
            if newValue { words[index &>> 6] |= mask } else { words[index &>> 6] &= ~mask }
        }
    }

    package mutating func append(_ bit: Bool) {
        if count & 63 == 0 { words.append(0) }
        if bit { words[count &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: count & 63) }
        count += 1
    }

    package mutating func append(repeating bit: Bool, count more: Int) {
        guard more > 0 else { return }
        var left = more
        while left > 0, count & 63 != 0 {
            append(bit)
            left -= 1
        }
        guard left > 0 else { return }
        words.append(contentsOf: repeatElement(bit ? ~0 : 0, count: (left + 63) / 64))
        count += left
        clearUnused()
    }

    package mutating func truncate(to bits: Int) {
        precondition(bits <= count, "bug: truncate \(count) bits to \(bits)")
        words.removeLast(words.count - (bits + 63) / 64)
        count = bits
        clearUnused()
    }

    /// The number of set bits in `range`. O(range / 64).
    package func setBits(in range: Range<Int>) -> Int {
        guard !range.isEmpty else { return 0 }
        let first = range.lowerBound &>> 6
        let last = (range.upperBound - 1) &>> 6
        var total = 0
        for index in first...last {
            var word = words[index]
            if index == first { word &= ~0 &<< UInt64(range.lowerBound & 63) }
            if index == last {
                let used = (range.upperBound - 1) & 63 + 1
                if used < 64 { word &= (1 &<< UInt64(used)) &- 1 }
            }
            total += word.nonzeroBitCount
        }
        return total
    }

    private mutating func clearUnused() {
        let used = count & 63
        if used != 0, let last = words.indices.last { words[last] &= (1 &<< UInt64(used)) &- 1 }
    }
}
