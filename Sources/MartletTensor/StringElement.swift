/// One string of a tensor: a pointer to its length and UTF-8 bytes, or nil for the empty string.
///
/// Handles are plain 8-byte values: whatever moves 64-bit elements moves strings. Who holds a tensor of handles also holds
/// the memory that they point to: a tensor made by `Tensor.init(strings:shape:)` owns its own, and a run of a graph keeps
/// its inputs, constants and whatever its ops make until it ends. Results of runs own their strings.
package struct StringElement: TensorElement, BitwiseCopyable {
    private let address: UInt

    package static var dtype: DType { .string }

    /// The bytes, valid as long as their owner is held.
    package var utf8: UnsafeBufferPointer<UInt8> {
        guard let start = UnsafeRawPointer(bitPattern: address) else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        let bytes = (start + MemoryLayout<Int>.size).assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: bytes, count: start.load(as: Int.self))
    }

    package var string: String { String(decoding: utf8, as: UTF8.self) }

    /// Whether two handles stand for the same bytes.
    package static func isEqual(_ a: StringElement, _ b: StringElement) -> Bool {
        a.address == b.address || a.utf8.elementsEqual(b.utf8)
    }

    /// Memory that a string of `count` bytes takes beside its handle.
    static func storedBytes(_ count: Int) -> Int { count == 0 ? 0 : (count + 2 * MemoryLayout<Int>.size - 1) & ~7 }
}

extension Tensor {
    /// A tensor that owns its strings; their number must be the shape's.
    package init(strings: [String], shape: [Int]) {
        self.init(utf8: strings.map { Array($0.utf8) }, shape: shape)
    }

    /// A tensor that owns its strings, given as UTF-8; their number must be the shape's.
    package init(utf8 strings: [[UInt8]], shape: [Int]) {
        precondition(strings.count == shape.reduce(1, *), "bug: \(strings.count) strings for shape \(shape)")
        // One buffer, so that all strings stay in place while they are copied.
        let text = strings.flatMap { $0 }
        var starts: [Int] = [0]
        starts.reserveCapacity(strings.count + 1)
        for string in strings { starts.append(starts[starts.count - 1] + string.count) }
        self = text.withUnsafeBufferPointer { text in
            Tensor(utf8Count: strings.count, shape: shape) {
                UnsafeBufferPointer(rebasing: text[starts[$0]..<starts[$0 + 1]])
            }
        }
    }

    /// A tensor that owns its strings, copied from what `utf8` gives for each index (asked twice).
    package init(utf8Count count: Int, shape: [Int], _ utf8: (Int) -> UnsafeBufferPointer<UInt8>) {
        self.init(.string, shape: shape, storage: TensorStorage(strings: count, utf8: utf8))
    }

    /// The elements of a string tensor.
    package var strings: [String] {
        withExtendedLifetime(self) { elements(StringElement.self).map(\.string) }
    }

    /// This tensor if nothing that it points to can go away or change while it is held, else a copy that owns its strings.
    package func owningHandles() -> Tensor {
        switch dtype {
        case .string where !storage.ownsStrings:
            return withExtendedLifetime(self) {
                let handles = elements(StringElement.self)
                return Tensor(utf8Count: count, shape: shape) { handles[$0].utf8 }
            }
        default: return self
        }
    }

    /// A copy in memory of its own: for whoever keeps a tensor longer than the op that was given it.
    package func copied() -> Tensor {
        switch dtype {
        case .sequence, .optional: return self
        case .string: return owningHandles()
        default:
            let copy = Tensor(dtype, shape: shape, storage: TensorStorage(byteCount: byteCount))
            copy.pointer.copyMemory(from: pointer, byteCount: byteCount)
            return copy
        }
    }
}
