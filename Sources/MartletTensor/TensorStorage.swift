import MartletSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Memory that tensors look into: owned, part of a mapped file, or lent by an arena.
package final class TensorStorage: @unchecked Sendable {
    package let base: UnsafeMutableRawPointer
    package let byteCount: Int
    private let kind: Kind

    private enum Kind {
        case owned
        /// Memory that its own strings lie in, behind their handles.
        case strings
        case tensors([Tensor?])
        case mapped(MappedFile)
        case lent(AnyObject)
    }

    /// Alignment of owned memory, in bytes: one cache line, one AVX-512 register.
    package static let alignment = 64

    /// Uninitialised owned memory, with room for vector loads up to a full cache line past the end.
    package init(byteCount: Int) {
        base = Self.allocate(byteCount)
        self.byteCount = byteCount
        kind = .owned
    }

    /// Read-only view into a mapped file. `bytes` must lie inside `file.bytes`.
    package init(file: MappedFile, bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else {
            preconditionFailure("bug: a view of an empty file needs no storage")
        }
        base = UnsafeMutableRawPointer(mutating: start)
        byteCount = bytes.count
        kind = .mapped(file)
    }

    /// Handles of the strings that `utf8` gives for each index, and the strings themselves.
    ///
    /// Layout: `count` handles, then for each string that is not empty its length as an Int and its bytes, padded to 8.
    init(strings count: Int, utf8: (Int) -> UnsafeBufferPointer<UInt8>) {
        let handles = count * MemoryLayout<Int>.size
        let total = (0..<count).reduce(handles) { $0 + StringElement.storedBytes(utf8($1).count) }
        base = Self.allocate(total)
        byteCount = handles
        kind = .strings
        var next = base + handles
        for index in 0..<count {
            let text = utf8(index)
            let handle = text.isEmpty ? 0 : UInt(bitPattern: next)
            base.storeBytes(of: handle, toByteOffset: index * MemoryLayout<Int>.size, as: UInt.self)
            guard let bytes = text.baseAddress, !text.isEmpty else { continue }
            next.storeBytes(of: text.count, as: Int.self)
            (next + MemoryLayout<Int>.size).copyMemory(from: bytes, byteCount: text.count)
            next += StringElement.storedBytes(text.count)
        }
    }

    /// The elements of a sequence or an optional.
    init(tensors: [Tensor?]) {
        byteCount = tensors.count * DType.sequence.size
        base = Self.allocate(byteCount)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        kind = .tensors(tensors)
    }

    /// What a sequence or an optional holds; nil for memory of any other kind.
    var tensors: [Tensor?]? {
        if case .tensors(let tensors) = kind { return tensors }
        return nil
    }

    /// Whether the handles in this memory point into this memory.
    package var ownsStrings: Bool {
        if case .strings = kind { return true }
        return false
    }

    private static func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let padded = max(byteCount, 1) + alignment
        guard let memory = aligned_alloc(alignment, (padded + alignment - 1) / alignment * alignment) else {
            preconditionFailure("out of memory: \(byteCount) bytes")
        }
        return memory
    }

    /// Memory that `owner` keeps alive.
    package init(base: UnsafeMutableRawPointer, byteCount: Int, owner: AnyObject) {
        self.base = base
        self.byteCount = byteCount
        kind = .lent(owner)
    }

    deinit {
        switch kind {
        case .owned, .strings, .tensors: free(base)
        case .mapped, .lent: break
        }
    }

    /// The file this storage is a view of, if any.
    package var mappedFile: MappedFile? {
        if case .mapped(let file) = kind { return file }
        return nil
    }
}
