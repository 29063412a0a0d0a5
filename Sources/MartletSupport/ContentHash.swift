/// A hash of 128 bits by which contents are told apart from one run to another; not against forgery.
///
/// Two lanes, each of which folds the product of its state with the next 8 bytes.
package struct ContentHash: Sendable {
    private var first: UInt64 = 0x9e37_79b9_7f4a_7c15
    private var second: UInt64 = 0xd1b5_4a32_d192_ed03

    package init() {}

    /// Adds a length and so many bytes: parts do not run into each other.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        mix(UInt64(bytes.count))
        let whole = bytes.count / 8
        for index in 0..<whole {
            mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)))
        }
        var rest: UInt64 = 0
        for index in 8 * whole..<bytes.count { rest = rest << 8 | UInt64(bytes[index]) }
        if bytes.count > 8 * whole { mix(rest) }
    }

    package mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    /// 32 hexadecimal digits.
    package var text: String {
        [first, second].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    @inline(__always)
    private mutating func mix(_ word: UInt64) {
        first = Self.fold(first ^ word, 0xe703_7ed1_a0b4_28db) &+ word
        second = Self.fold(second &+ word, 0x8ebc_6af0_9c88_c6e3) ^ first
    }

    @inline(__always)
    private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }
}
