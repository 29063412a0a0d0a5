/// Memory that one chunk after the other uses.
final class CSVScratch {
    private var places: UnsafeMutableBufferPointer<UInt32>
    private var numbers: UnsafeMutableBufferPointer<UInt64>

    init() {
        places = .allocate(capacity: 0)
        numbers = .allocate(capacity: 0)
    }

    deinit {
        places.deallocate()
        numbers.deallocate()
    }

    func ends(capacity: Int) -> UnsafeMutablePointer<UInt32> { Self.grown(&places, capacity) }

    /// Numbers of eight bytes; the same memory at each call.
    func values<T: BitwiseCopyable>(_ type: T.Type, rows: Int) -> UnsafeMutablePointer<T> {
        UnsafeMutableRawPointer(Self.grown(&numbers, rows + (rows + 63) / 64)).bindMemory(to: T.self, capacity: rows)
    }

    /// Bits behind the numbers, whatever they are.
    func valid(rows: Int) -> UnsafeMutablePointer<UInt64> { Self.grown(&numbers, rows + (rows + 63) / 64) + rows }

    private static func grown<T>(_ buffer: inout UnsafeMutableBufferPointer<T>, _ count: Int) -> UnsafeMutablePointer<T>
    {
        if buffer.count < count || buffer.baseAddress == nil {
            buffer.deallocate()
            buffer = .allocate(capacity: max(count, buffer.count * 2, 1))
        }
        guard let base = buffer.baseAddress else { preconditionFailure("bug: memory without an address") }
        return base
    }
}
