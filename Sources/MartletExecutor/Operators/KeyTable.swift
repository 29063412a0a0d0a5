import MartletData

/// Numbers keys in first-seen order, and finds the number of a key again. A key is the values of some columns in a row; one
/// with a null has no number.
struct KeyTable: Sendable {
    private(set) var count = 0
    /// Encoded keys one after the other; key `n` is `bytes[ends[n - 1]..<ends[n]]`.
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0]
    private var hashes: [Int] = []
    /// Open addressing: number + 1, or 0 for a free slot. A power of two.
    private var slots = [Int32](repeating: 0, count: 1_024)

    /// The number of each row's key, new ones for new keys; -1 for nulls.
    mutating func insert(_ keys: [Column], rowCount: Int) -> [Int32] {
        var key: [UInt8] = []
        return (0..<rowCount).map { row in
            guard Self.encode(keys, row, &key) else { return -1 }
            let hash = Self.hash(key)
            let (slot, number) = find(key, hash)
            if number >= 0 { return number }
            bytes += key
            ends.append(bytes.count)
            hashes.append(hash)
            count += 1
            slots[slot] = Int32(count)
            if 2 * count > slots.count { grow() }
            return Int32(count - 1)
        }
    }

    /// The number of each row's key; -1 for nulls and for keys that are not here.
    func numbers(_ keys: [Column], rowCount: Int) -> [Int32] {
        var key: [UInt8] = []
        return (0..<rowCount).map { row in
            guard Self.encode(keys, row, &key) else { return -1 }
            return find(key, Self.hash(key)).number
        }
    }

    private static func encode(_ keys: [Column], _ row: Int, _ key: inout [UInt8]) -> Bool {
        key.removeAll(keepingCapacity: true)
        for column in keys {
            if column.isNull(row) { return false }
            column.appendKey(row, to: &key)
        }
        return true
    }

    private static func hash(_ key: [UInt8]) -> Int {
        var hasher = Hasher()
        key.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    /// The key's number, or -1 and the slot where it belongs.
    private func find(_ key: [UInt8], _ hash: Int) -> (slot: Int, number: Int32) {
        let mask = slots.count - 1
        var slot = hash & mask
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if hashes[number] == hash, bytes[ends[number]..<ends[number + 1]].elementsEqual(key) {
                return (slot, Int32(number))
            }
            slot = (slot + 1) & mask
        }
        return (slot, -1)
    }

    private mutating func grow() {
        slots = [Int32](repeating: 0, count: 2 * slots.count)
        let mask = slots.count - 1
        for (number, hash) in hashes.enumerated() {
            var slot = hash & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(number + 1)
        }
    }
}
