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
    /// Bytes of memory that this object frees; 0 if it frees none.
    private let ownedBytes: Int
    /// The run that pays for the memory.
    private let account: TensorAccount?

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

    /// Uninitialised owned memory, with room for vector loads up to a full cache line past the end. For sizes that are known
    /// to be harmless; others go through `init(limited:)`.
    package init(byteCount: Int) {
        base = Self.allocate(byteCount)
        ownedBytes = Self.padded(byteCount)
        account = Self.charge(ownedBytes)
        self.byteCount = byteCount
        kind = .owned
    }

    /// The same for any size. Throws `TensorError.memoryLimit` where the limit or the machine forbids it.
    package init(limited byteCount: Int) throws {
        try Self.check(byteCount: byteCount)
        guard let memory = aligned_alloc(Self.alignment, Self.padded(byteCount)) else {
            throw TensorError.memoryLimit(bytes: byteCount, used: TensorMemory.used, limit: TensorMemory.limit)
        }
        TensorMemory.add(Self.padded(byteCount))
        base = memory
        ownedBytes = Self.padded(byteCount)
        account = Self.charge(ownedBytes)
        self.byteCount = byteCount
        kind = .owned
    }

    /// Throws `TensorError.memoryLimit` if the limit, or that of the run that is going on, forbids so many bytes more.
    package static func check(byteCount: Int) throws {
        try TensorMemory.check(byteCount)
        try TensorAccount.current?.check(byteCount)
    }

    /// Read-only view into a mapped file. `bytes` must lie inside `file.bytes`.
    package init(file: MappedFile, bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else {
            preconditionFailure("bug: a view of an empty file needs no storage")
        }
        base = UnsafeMutableRawPointer(mutating: start)
        byteCount = bytes.count
        ownedBytes = 0
        account = nil
        kind = .mapped(file)
    }

    /// Handles of the strings that `utf8` gives for each index, and the strings themselves.
    ///
    /// Layout: `count` handles, then for each string that is not empty its length as an Int and its bytes, padded to 8.
    init(strings count: Int, utf8: (Int) -> UnsafeBufferPointer<UInt8>) {
        let handles = count * MemoryLayout<Int>.size
        let total = (0..<count).reduce(handles) { $0 + StringElement.storedBytes(utf8($1).count) }
        base = Self.allocate(total)
        ownedBytes = Self.padded(total)
        account = Self.charge(ownedBytes)
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
        ownedBytes = Self.padded(byteCount)
        account = Self.charge(ownedBytes)
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

    private static func padded(_ byteCount: Int) -> Int {
        (max(byteCount, 1) + 2 * alignment - 1) / alignment * alignment
    }

    private static func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
        guard let memory = aligned_alloc(alignment, padded(byteCount)) else {
            preconditionFailure("out of memory: \(byteCount) bytes")
        }
        TensorMemory.add(padded(byteCount))
        return memory
    }

    private static func charge(_ bytes: Int) -> TensorAccount? {
        let account = TensorAccount.current
        account?.add(bytes)
        return account
    }

    /// Whether the memory counts against this run.
    package func isCharged(to other: TensorAccount) -> Bool { account === other }

    /// Memory that `owner` keeps alive.
    package init(base: UnsafeMutableRawPointer, byteCount: Int, owner: AnyObject) {
        self.base = base
        self.byteCount = byteCount
        ownedBytes = 0
        account = nil
        kind = .lent(owner)
    }

    deinit {
        guard ownedBytes > 0 else { return }
        free(base)
        TensorMemory.remove(ownedBytes)
        account?.remove(ownedBytes)
    }

    /// The file this storage is a view of, if any.
    package var mappedFile: MappedFile? {
        if case .mapped(let file) = kind { return file }
        return nil
    }
}
