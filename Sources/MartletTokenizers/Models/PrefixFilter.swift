/// A Bloom filter of all prefixes of a vocabulary's tokens: tells the search for longer tokens when to stop.
struct PrefixFilter: Sendable {
    private var bits: [UInt64]
    private let mask: UInt64

    init(_ vocabulary: Vocabulary) {
        // About 6 prefixes a token, 4 bits for each.
        var words = 64
        while words * 64 < vocabulary.count * 24 { words *= 2 }
        bits = [UInt64](repeating: 0, count: words)
        mask = UInt64(words * 64 - 1)
        for id in 0...max(vocabulary.maximumID, 0) {
            guard let token = vocabulary.token(id) else { continue }
            var hash = ByteHash()
            for (index, byte) in token.enumerated() {
                hash.add(byte)
                // Only whole scalars are asked for.
                if index + 1 == token.count || token[index + 1] & 0xC0 != 0x80 {
                    let place = place(hash)
                    bits[Int(place >> 6)] |= 1 << (place & 63)
                }
            }
        }
    }

    private func place(_ hash: ByteHash) -> UInt64 {
        (hash.state ^ hash.state >> 29) & mask
    }

    /// False only if no token begins with the hashed bytes.
    @inline(__always)
    func mayContain(_ hash: ByteHash) -> Bool {
        let place = place(hash)
        return bits[Int(place >> 6)] & 1 << (place & 63) != 0
    }
}
