/// Remembers the ids of short pieces, for models that search. Direct-mapped, so bounded; one for each `Encoding`.
struct PieceCache: Sendable {
    private struct Slot: Sendable {
        var count: UInt8 = 0
        var idCount: UInt8 = 0
        var bytes: InlineArray<28, UInt8> = .init(repeating: 0)
        var ids: InlineArray<8, Int32> = .init(repeating: 0)
    }
    private static let slotCount = 4096
    private var slots: [Slot] = []
    /// The tokenizer that the slots are for.
    private var owner: UInt64 = 0

    /// Empties the cache unless it is the owner's already.
    mutating func claim(_ owner: UInt64) {
        guard owner != self.owner else { return }
        self.owner = owner
        slots = [Slot](repeating: Slot(), count: Self.slotCount)
    }

    private static func slot(_ piece: UnsafeBufferPointer<UInt8>) -> Int {
        let state = ByteHash(piece).state
        return Int(truncatingIfNeeded: state ^ state >> 32) & (slotCount - 1)
    }

    /// Appends the ids of `piece` if they are known.
    func append(_ piece: UnsafeBufferPointer<UInt8>, to ids: inout [Int32]) -> Bool {
        guard piece.count <= 28 else { return false }
        let index = Self.slot(piece)
        return slots.withUnsafeBufferPointer { slots in
            guard Int(slots[index].count) == piece.count, slots[index].idCount > 0 else { return false }
            for place in 0..<piece.count where slots[index].bytes[place] != piece[place] { return false }
            for place in 0..<Int(slots[index].idCount) { ids.append(slots[index].ids[place]) }
            return true
        }
    }

    /// Remembers the ids of `piece`, in place of another that shares its slot.
    mutating func insert(_ piece: UnsafeBufferPointer<UInt8>, _ ids: ArraySlice<Int32>) {
        guard piece.count <= 28, (1...8).contains(ids.count) else { return }
        var slot = Slot(count: UInt8(piece.count), idCount: UInt8(ids.count))
        for place in 0..<piece.count { slot.bytes[place] = piece[place] }
        for (place, id) in ids.enumerated() { slot.ids[place] = id }
        slots[Self.slot(piece)] = slot
    }
}
