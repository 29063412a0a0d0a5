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

    /// `words` hold `count` bits; what is beyond them does not matter.
    package init(words: [UInt64], count: Int) {
        precondition(words.count == (count + 63) / 64, "bug: \(words.count) words for \(count) bits")
        self.words = words
        self.count = count
        clearUnused()
    }

    package init(_ bits: some Collection<Bool>) {
        words = Array(repeating: 0, count: (bits.count + 63) / 64)
        count = bits.count
        words.withUnsafeMutableBufferPointer { words in
            var index = 0
            for bit in bits {
                words[index &>> 6] |= (bit ? 1 : 0) &<< UInt64(truncatingIfNeeded: index & 63)
                index &+= 1
            }
        }
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

    /// The bits of `range`. O(range / 64).
    package func slice(_ range: Range<Int>) -> Bitmap {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "bug: bits \(range) of \(count)")
        if range == 0..<count { return self }
        let first = range.lowerBound &>> 6
        let shift = UInt64(truncatingIfNeeded: range.lowerBound & 63)
        let result = (0..<(range.count + 63) / 64).map { index -> UInt64 in
            let low = words[first + index] &>> shift
            guard shift > 0, first + index + 1 < words.count else { return low }
            return low | words[first + index + 1] &<< (64 &- shift)
        }
        return Bitmap(words: result, count: range.count)
    }

    /// Bits set in both.
    package func intersection(_ other: Bitmap) -> Bitmap {
        precondition(count == other.count, "bug: \(count) bits with \(other.count)")
        return Bitmap(words: zip(words, other.words).map { $0 & $1 }, count: count)
    }

    /// nil if every bit is set: the validity of a column without nulls.
    package var nilIfFull: Bitmap? { setBits(in: 0..<count) == count ? nil : self }

    private mutating func clearUnused() {
        let used = count & 63
        if used != 0, let last = words.indices.last { words[last] &= (1 &<< UInt64(used)) &- 1 }
    }
}
