/// Remembers what became of the program at places of the text, so that no way is walked twice: what a pattern like `(a*)*b`
/// needs on a long text.
///
/// Direct-mapped, so bounded: an entry that is overwritten costs time, never a wrong answer.
struct PatternMemo {
    private var keys: [UInt64]
    private var ends: [Int]
    private static let sizeLimit = 1 << 22

    static let failed = -1
    static let unknown = -2

    init(states: Int, positions: Int) {
        let (product, overflow) = states.multipliedReportingOverflow(by: positions)
        var size = 1024
        while size < Self.sizeLimit, overflow || size < product { size *= 2 }
        keys = [UInt64](repeating: .max, count: size)
        ends = [Int](repeating: 0, count: size)
    }

    /// A program has fewer than 2¹⁵ instructions.
    private func key(_ state: Int, _ position: Int) -> UInt64 {
        UInt64(truncatingIfNeeded: position) << 15 | UInt64(truncatingIfNeeded: state)
    }

    private func slot(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & (keys.count - 1)
    }

    /// Where a match ends that goes on from here, `failed` or `unknown`.
    func end(_ state: Int, _ position: Int) -> Int {
        let key = key(state, position)
        let slot = slot(key)
        return keys[slot] == key ? ends[slot] : Self.unknown
    }

    mutating func insert(_ state: Int, _ position: Int, end: Int) {
        let key = key(state, position)
        let slot = slot(key)
        (keys[slot], ends[slot]) = (key, end)
    }
}
