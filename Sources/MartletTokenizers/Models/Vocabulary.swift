#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Hash of bytes that can be extended one byte at a time (FNV-1a, 64 bits).
struct ByteHash {
    private(set) var state: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    mutating func add(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x100_0000_01B3
    }

    init() {}

    init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { add(byte) }
    }
}

/// Tokens by bytes and by id; immutable once built.
///
/// An open-addressing table over one blob of bytes: no token is a Swift string. Lookup is O(length).
final class Vocabulary: @unchecked Sendable {
    struct Entry {
        var start: UInt32
        var count: UInt32
        var id: Int32
    }

    /// Number of distinct tokens.
    let count: Int
    /// Length of the longest token in bytes.
    let longest: Int
    let maximumID: Int32
    /// Slots: the hash's high half, and the entry's index plus one in the low half; 0 is free.
    private let slots: UnsafeMutablePointer<UInt64>
    private let mask: Int
    private let entries: UnsafeMutablePointer<Entry>
    private let bytes: UnsafeMutablePointer<UInt8>
    /// Entry index plus one by id.
    private let byID: [UInt32]

    init(_ builder: VocabularyBuilder, byID: [UInt32]) {
        count = builder.entries.count
        longest = builder.entries.reduce(0) { max($0, Int($1.count)) }
        maximumID = builder.entries.reduce(-1) { max($0, $1.id) }
        slots = .allocate(capacity: builder.slots.count)
        slots.initialize(from: builder.slots, count: builder.slots.count)
        mask = builder.slots.count - 1
        entries = .allocate(capacity: max(count, 1))
        entries.initialize(from: builder.entries, count: count)
        bytes = .allocate(capacity: max(builder.bytes.count, 1))
        bytes.initialize(from: builder.bytes, count: builder.bytes.count)
        self.byID = byID
    }

    deinit {
        slots.deallocate()
        entries.deallocate()
        bytes.deallocate()
    }

    /// The id of the token that is `prefix` followed by `count` bytes at `text`, or -1. `hash` is that of both.
    @inline(__always)
    func id(hash: ByteHash, prefix: [UInt8], _ text: UnsafePointer<UInt8>, count: Int) -> Int32 {
        var slot = Int(truncatingIfNeeded: hash.state ^ hash.state >> 32) & mask
        let tag = hash.state >> 32
        while true {
            let value = slots[slot]
            if value == 0 { return -1 }
            if value >> 32 == tag {
                let entry = entries[Int(value & 0xFFFF_FFFF) - 1]
                if Int(entry.count) == prefix.count + count {
                    let token = bytes + Int(entry.start)
                    if memcmp(token + prefix.count, text, count) == 0,
                        prefix.isEmpty || memcmp(token, prefix, prefix.count) == 0
                    {
                        return entry.id
                    }
                }
            }
            slot = (slot + 1) & mask
        }
    }

    /// The id of `token`, or -1.
    func id(_ token: UnsafeBufferPointer<UInt8>) -> Int32 {
        guard let base = token.baseAddress else { return id([]) }
        return id(hash: ByteHash(token), prefix: [], base, count: token.count)
    }

    /// The id of `token`, or -1.
    func id(_ token: [UInt8]) -> Int32 {
        var hash = ByteHash()
        for byte in token { hash.add(byte) }
        return token.withUnsafeBufferPointer { buffer in
            // An empty array may have no base; nothing is read from it.
            id(hash: hash, prefix: [], buffer.baseAddress ?? UnsafePointer(bytes), count: buffer.count)
        }
    }

    /// The id of `token`, or nil.
    func id(_ token: String) -> Int32? {
        let id = id(Array(token.utf8))
        return id < 0 ? nil : id
    }

    /// The bytes of a token; nil if no token has this id.
    func token(_ id: Int32) -> [UInt8]? {
        guard id >= 0, Int(id) < byID.count, byID[Int(id)] > 0 else { return nil }
        let entry = entries[Int(byID[Int(id)]) - 1]
        return Array(UnsafeBufferPointer(start: bytes + Int(entry.start), count: Int(entry.count)))
    }
}
