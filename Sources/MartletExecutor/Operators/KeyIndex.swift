import MartletData

/// Numbers the different values of a column in first-seen order: open addressing with linear probing.
struct KeyIndex: Sendable {
    private(set) var count = 0
    /// Rows of the last `assign` that had a new value, in the order of their numbers.
    private(set) var firstRows: [Int] = []
    /// Number of a value plus one, below the upper half of its scattered hash; 0 for a free slot. The slots are a power of two,
    /// at most half of them taken.
    private var slots: [UInt64] = Array(repeating: 0, count: 64)
    /// By number: the value of eight bytes, or the hash of the text.
    private var words: [UInt64] = []
    /// Texts lie one after the other; text `i` begins at `offsets[i]`.
    private var offsets: [Int] = [0]
    private var bytes: [UInt8] = []
    private var nullNumber: Int?

    /// For each row the number of its value. Null is a value; NaN equals NaN, -0 equals 0. The columns of all calls have one
    /// layout.
    mutating func assign(_ column: Column) -> [Int] {
        firstRows.removeAll(keepingCapacity: true)
        if column.type == .null { return (0..<column.count).map { numberOfNull($0) } }
        switch column.storage {
        case .bools:
            return column.withBools { rows in assign(column, words: rows.map { $0 ? 1 : 0 }) }
        case .ints:
            return column.withInts { rows in assign(column, words: rows.map { UInt64(bitPattern: $0) }) }
        case .floats:
            return column.withFloats { rows in
                assign(column, words: rows.map { $0.isNaN ? Double.nan.bitPattern : ($0 + 0).bitPattern })
            }
        case .bytes: return assign(texts: column)
        case .none, .list, .structure, .tensor, .tensors: return assign(texts: column.encodedKeys())
        }
    }

    /// The same for pairs of numbers below 2³².
    mutating func assign(pairs first: [Int], _ second: [Int]) -> [Int] {
        firstRows.removeAll(keepingCapacity: true)
        let words = zip(first, second).map { UInt64(truncatingIfNeeded: $0) << 32 | UInt64(truncatingIfNeeded: $1) }
        return words.withUnsafeBufferPointer { words in
            numbers(words.count) { table, row in table.number(words[row], row) }
        }
    }

    /// For each row the number of its value, -1 for values that are not here. The column has the layout of those before.
    func find(_ column: Column) -> [Int] {
        if column.type == .null { return Array(repeating: nullNumber ?? -1, count: column.count) }
        switch column.storage {
        case .bools: return column.withBools { rows in find(column) { rows[$0] ? 1 : 0 } }
        case .ints: return column.withInts { rows in find(column) { UInt64(bitPattern: rows[$0]) } }
        case .floats:
            return column.withFloats { rows in
                find(column) { rows[$0].isNaN ? Double.nan.bitPattern : (rows[$0] + 0).bitPattern }
            }
        case .bytes: return find(texts: column)
        case .none, .list, .structure, .tensor, .tensors: return find(texts: column.encodedKeys())
        }
    }

    /// The same for pairs of numbers, of which those with a -1 are not here.
    func find(pairs first: [Int], _ second: [Int]) -> [Int] {
        zip(first, second).map { a, b in
            a < 0 || b < 0 ? -1 : find(UInt64(truncatingIfNeeded: a) << 32 | UInt64(truncatingIfNeeded: b))
        }
    }

    @inline(__always)
    private func find(_ column: Column, _ word: (Int) -> UInt64) -> [Int] {
        [Int](unsafeUninitializedCapacity: column.count) { output, initialized in
            for row in 0..<column.count { output[row] = column.isNull(row) ? nullNumber ?? -1 : find(word(row)) }
            initialized = column.count
        }
    }

    private func find(texts column: Column) -> [Int] {
        column.withStrings { rows in
            [Int](unsafeUninitializedCapacity: rows.count) { output, initialized in
                for row in 0..<rows.count { output[row] = column.isNull(row) ? nullNumber ?? -1 : find(rows[row]) }
                initialized = rows.count
            }
        }
    }

    @inline(__always)
    private func find(_ word: UInt64) -> Int {
        find(Self.scatter(word)) { words[$0] == word }
    }

    @inline(__always)
    private func find(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        find(Self.scatter(RowHash.bytes(text))) { equals($0, text) }
    }

    @inline(__always)
    private func find(_ hash: UInt64, _ isEqual: (Int) -> Bool) -> Int {
        slots.withUnsafeBufferPointer { slots in
            var slot = Int(truncatingIfNeeded: hash) & (slots.count &- 1)
            while true {
                let found = slots[slot]
                if found == 0 { return -1 }
                if (found ^ hash) >> 32 == 0 {
                    let number = Int(UInt32(truncatingIfNeeded: found)) &- 1
                    if isEqual(number) { return number }
                }
                slot = (slot &+ 1) & (slots.count &- 1)
            }
        }
    }

    /// Bytes in memory, about.
    var byteCount: Int { 8 * (slots.count + words.count + offsets.count) + bytes.count }

    private mutating func assign(_ column: Column, words: [UInt64]) -> [Int] {
        words.withUnsafeBufferPointer { words in
            if column.hasNoNulls { return numbers(words.count) { table, row in table.number(words[row], row) } }
            return numbers(words.count) { table, row in
                column.isNull(row) ? table.numberOfNull(row) : table.number(words[row], row)
            }
        }
    }

    private mutating func assign(texts column: Column) -> [Int] {
        column.withStrings { rows in
            if column.hasNoNulls { return numbers(rows.count) { table, row in table.number(rows[row], row) } }
            return numbers(rows.count) { table, row in
                column.isNull(row) ? table.numberOfNull(row) : table.number(rows[row], row)
            }
        }
    }

    @inline(__always)
    private mutating func numbers(_ count: Int, _ number: (inout KeyIndex, Int) -> Int) -> [Int] {
        [Int](unsafeUninitializedCapacity: count) { output, initialized in
            for row in 0..<count { output[row] = number(&self, row) }
            initialized = count
        }
    }

    private mutating func numberOfNull(_ row: Int) -> Int {
        if let nullNumber { return nullNumber }
        // Takes a place among the values without a slot of its own.
        words.append(0)
        offsets.append(bytes.count)
        firstRows.append(row)
        nullNumber = count
        count += 1
        return count - 1
    }

    @inline(__always)
    private mutating func number(_ word: UInt64, _ row: Int) -> Int {
        let hash = Self.scatter(word)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count &- 1)
        while true {
            let found = slots[slot]
            if found == 0 { return add(word, hash, slot, row) }
            if (found ^ hash) >> 32 == 0 {
                let number = Int(UInt32(truncatingIfNeeded: found)) &- 1
                if words[number] == word { return number }
            }
            slot = (slot &+ 1) & (slots.count &- 1)
        }
    }

    @inline(__always)
    private mutating func number(_ text: UnsafeBufferPointer<UInt8>, _ row: Int) -> Int {
        let word = RowHash.bytes(text)
        let hash = Self.scatter(word)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count &- 1)
        while true {
            let found = slots[slot]
            if found == 0 {
                bytes.append(contentsOf: text)
                offsets.append(bytes.count)
                return add(word, hash, slot, row)
            }
            if (found ^ hash) >> 32 == 0 {
                let number = Int(UInt32(truncatingIfNeeded: found)) &- 1
                if equals(number, text) { return number }
            }
            slot = (slot &+ 1) & (slots.count &- 1)
        }
    }

    @inline(__always)
    private func equals(_ number: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = offsets[number]
        guard offsets[number + 1] &- start == text.count else { return false }
        return bytes.withUnsafeBufferPointer {
            compareBytes(UnsafeBufferPointer(rebasing: $0[start..<start &+ text.count]), text) == 0
        }
    }

    @inline(__always)
    private static func scatter(_ word: UInt64) -> UInt64 {
        let product = word &* 0x9e37_79b9_7f4a_7c15
        return product ^ product >> 32
    }

    @inline(never)
    private mutating func add(_ word: UInt64, _ hash: UInt64, _ slot: Int, _ row: Int) -> Int {
        count += 1
        precondition(count < UInt32.max, "a column with more than four billion different values")
        slots[slot] = (hash & 0xffff_ffff_0000_0000) | UInt64(count)
        words.append(word)
        firstRows.append(row)
        if count * 2 > slots.count { grow() }
        return count - 1
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 4)
        for number in 0..<count where number != nullNumber {
            let hash = Self.scatter(words[number])
            var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = (hash & 0xffff_ffff_0000_0000) | UInt64(number + 1)
        }
    }
}
