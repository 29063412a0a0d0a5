/// Merges of byte-pair encoding: pair of ids to rank and merged id. Open addressing.
struct MergeTable: Sendable {
    struct Merge {
        var rank: UInt32
        var id: Int32
    }
    private var keys: [UInt64]
    private var merges: [Merge]
    private var count = 0

    /// No pair has this key: ids are not negative.
    private static let free = UInt64.max

    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        keys = [UInt64](repeating: Self.free, count: size)
        merges = [Merge](repeating: Merge(rank: 0, id: 0), count: size)
    }

    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    private func slot(_ key: UInt64) -> Int {
        let mask = keys.count - 1
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while keys[slot] != key, keys[slot] != Self.free { slot = (slot + 1) & mask }
        return slot
    }

    /// A repeated pair takes the last merge.
    mutating func insert(_ left: Int32, _ right: Int32, _ merge: Merge) {
        if count * 2 >= keys.count {
            var larger = MergeTable(capacity: keys.count)
            for (index, key) in keys.enumerated() where key != Self.free {
                let slot = larger.slot(key)
                (larger.keys[slot], larger.merges[slot]) = (key, merges[index])
            }
            larger.count = count
            self = larger
        }
        let key = Self.key(left, right)
        let slot = slot(key)
        if keys[slot] == Self.free { count += 1 }
        (keys[slot], merges[slot]) = (key, merge)
    }

    subscript(left: Int32, right: Int32) -> Merge? {
        let key = Self.key(left, right)
        let slot = slot(key)
        return keys[slot] == key ? merges[slot] : nil
    }
}
