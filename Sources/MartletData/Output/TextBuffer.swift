import MartletSupport

/// Bytes on their way to a sink, with fast appends of numbers. Flushes itself by `flushIfLarge`.
struct TextBuffer {
    private var bytes: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0
    private let owner: Owner

    /// Frees the memory with the last copy of the buffer; there is only one.
    private final class Owner {
        var memory: UnsafeMutableBufferPointer<UInt8>
        init(_ memory: UnsafeMutableBufferPointer<UInt8>) { self.memory = memory }
        deinit { memory.deallocate() }
    }

    private static let flushSize = 1 << 17

    init() {
        bytes = .allocate(capacity: 1 << 18)
        owner = Owner(bytes)
    }

    @inline(__always)
    private mutating func room(_ more: Int) -> UnsafeMutablePointer<UInt8> {
        if count &+ more > bytes.count { grow(more) }
        // The buffer is never empty, so it has an address.
        return bytes.baseAddress.unsafelyUnwrapped + count
    }

    private mutating func grow(_ more: Int) {
        let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count * 2, count + more))
        _ = larger.update(fromContentsOf: bytes[..<count])
        bytes.deallocate()
        bytes = larger
        owner.memory = larger
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        room(1).pointee = byte
        count &+= 1
    }

    mutating func append(_ text: StaticString) {
        room(text.utf8CodeUnitCount).update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        count &+= text.utf8CodeUnitCount
    }

    mutating func append(_ text: String) {
        for byte in text.utf8 { append(byte) }
    }

    @inline(__always)
    mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
        guard let base = text.baseAddress, text.count > 0 else { return }
        room(text.count).update(from: base, count: text.count)
        count &+= text.count
    }

    @inline(__always)
    mutating func append(_ value: Int64) { count &+= NumberText.write(value, to: room(24)) }

    @inline(__always)
    mutating func append(_ value: Float) { count &+= FloatText.write(value, to: room(FloatText.maximumLength)) }

    @inline(__always)
    mutating func append(_ value: Double) { count &+= FloatText.write(value, to: room(FloatText.maximumLength)) }

    /// Whether `byte` is among the bytes from index `start` on.
    func contains(_ byte: UInt8, from start: Int) -> Bool { bytes[start..<count].contains(byte) }

    /// Takes the bytes from index `start` on out of the buffer.
    mutating func takeTail(from start: Int) -> [UInt8] {
        defer { count = start }
        return Array(bytes[start..<count])
    }

    /// Hands the bytes over once there are many.
    @inline(__always)
    mutating func flushIfLarge(to sink: any ByteSink) throws {
        if count >= Self.flushSize { try flush(to: sink) }
    }

    mutating func flush(to sink: any ByteSink) throws {
        guard count > 0 else { return }
        defer { count = 0 }
        try sink.write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[..<count]))
    }
}
