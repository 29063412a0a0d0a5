/// Where writers put bytes. For one thread at a time.
package protocol ByteSink: AnyObject {
    /// Takes all bytes or throws `WriteError`, after which the sink is not used again.
    func write(_ bytes: UnsafeRawBufferPointer) throws
}

/// Keeps the bytes in memory: for tests and for results as text.
package final class MemorySink: ByteSink {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package func write(_ bytes: UnsafeRawBufferPointer) throws { self.bytes.append(contentsOf: bytes) }

    package var text: String { String(decoding: bytes, as: UTF8.self) }
}
