/// A 128-bit fingerprint of one row's model input. Rows of equal fingerprint are compared before they share an answer.
struct RowKey: Hashable {
    var low: UInt64
    var high: UInt64

    /// Two multiply–xorshift chains (constants of splitmix64, Steele, Lea and Flood 2014) over 8-byte words.
    init(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) {
        var a = 0x9E37_79B9_7F4A_7C15 ^ seed ^ UInt64(truncatingIfNeeded: bytes.count)
        var b = 0xBF58_476D_1CE4_E5B9 ^ (seed &* 0x94D0_49BB_1331_11EB)
        var offset = 0
        while offset + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            a = Self.mix(a ^ word)
            b = Self.mix(b &+ word &* 0xD6E8_FEB8_6659_FD93)
            offset += 8
        }
        var tail: UInt64 = 0
        while offset < bytes.count {
            tail = tail << 8 | UInt64(bytes[offset])
            offset += 1
        }
        low = Self.mix(a ^ tail)
        high = Self.mix(b &+ tail &* 0xD6E8_FEB8_6659_FD93)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var x = value
        x = (x ^ (x &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        x = (x ^ (x &>> 27)) &* 0x94D0_49BB_1331_11EB
        return x ^ (x &>> 31)
    }
}
