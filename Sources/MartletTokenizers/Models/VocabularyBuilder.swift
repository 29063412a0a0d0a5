import MartletSupport

/// Collects tokens and ids. A repeated token takes the last id, as in the reference.
struct VocabularyBuilder {
    private(set) var bytes: [UInt8] = []
    private(set) var entries: [Vocabulary.Entry] = []
    private(set) var slots: [UInt64]

    /// Longest token in bytes, and most bytes of all tokens; both far above what models have.
    private static let tokenLimit = 1 << 16
    private static let byteLimit = 1 << 30

    enum Failure: Error {
        case tooLong, tooLarge
    }

    /// Room for about `expected` tokens; more may come.
    init(expected: Int) {
        var size = 1024
        while size < expected * 2 { size *= 2 }
        slots = [UInt64](repeating: 0, count: size)
        entries.reserveCapacity(expected)
        bytes.reserveCapacity(expected * 8)
    }

    mutating func insert(_ token: some Collection<UInt8>, id: Int32) throws(Failure) {
        let count = token.count
        guard count <= Self.tokenLimit else { throw .tooLong }
        guard bytes.count + count <= Self.byteLimit else { throw .tooLarge }
        let hash = ByteHash(token).state
        if entries.count * 2 >= slots.count { grow() }
        var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & (slots.count - 1)
        while slots[slot] != 0 {
            if slots[slot] >> 32 == hash >> 32 {
                let index = Int(slots[slot] & 0xFFFF_FFFF) - 1
                let entry = entries[index]
                if bytes[Int(entry.start)..<Int(entry.start) + Int(entry.count)].elementsEqual(token) {
                    entries[index].id = id
                    return
                }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        entries.append(Vocabulary.Entry(start: UInt32(bytes.count), count: UInt32(count), id: id))
        bytes.append(contentsOf: token)
        slots[slot] = (hash & ~0xFFFF_FFFF) | UInt64(entries.count)
    }

    private mutating func grow() {
        slots = [UInt64](repeating: 0, count: slots.count * 2)
        for (index, entry) in entries.enumerated() {
            let hash = ByteHash(bytes[Int(entry.start)..<Int(entry.start) + Int(entry.count)]).state
            var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = (hash & ~0xFFFF_FFFF) | UInt64(index + 1)
        }
    }

    /// The finished vocabulary; nil when an id is far beyond the number of tokens, so that a table by id would be a trap
    /// for memory.
    func build() -> Vocabulary? {
        let maximum = entries.reduce(-1) { max($0, Int($1.id)) }
        guard maximum < entries.count * 4 + (1 << 16) else { return nil }
        var byID = [UInt32](repeating: 0, count: maximum + 1)
        for (index, entry) in entries.enumerated() { byID[Int(entry.id)] = UInt32(index + 1) }
        return Vocabulary(self, byID: byID)
    }
}
