/// A bounded little-endian reader over bytes of a file; no read can pass its end.
///
/// `origin` is the file offset of `bytes[0]`, so that errors name absolute offsets also in a section.
package struct ByteReader {
    package let path: String
    package let bytes: UnsafeRawBufferPointer
    package let origin: Int
    package private(set) var position = 0

    package init(path: String, bytes: UnsafeRawBufferPointer, origin: Int = 0) {
        self.path = path
        self.bytes = bytes
        self.origin = origin
    }

    package var remaining: Int { bytes.count - position }
    package var isAtEnd: Bool { position == bytes.count }
    /// Offset in the file of the next byte.
    package var offset: Int { origin + position }

    /// The next `count` bytes, which are consumed. Throws `FileError.outOfBounds`.
    package mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
        guard count >= 0, count <= remaining else {
            throw FileError.outOfBounds(path: path, offset: offset, wanted: count, available: remaining)
        }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    package mutating func skip(_ count: Int) throws { _ = try take(count) }

    /// A little-endian integer of any alignment.
    package mutating func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) throws -> T {
        T(littleEndian: try take(MemoryLayout<T>.size).loadUnaligned(as: T.self))
    }
}
