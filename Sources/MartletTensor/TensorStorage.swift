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
        case mapped(MappedFile)
        case lent(AnyObject)
    }

    /// Alignment of owned memory, in bytes: one cache line, one AVX-512 register.
    package static let alignment = 64

    /// Uninitialised owned memory, with room for vector loads up to a full cache line past the end.
    package init(byteCount: Int) {
        let padded = max(byteCount, 1) + Self.alignment
        guard
            let memory = aligned_alloc(Self.alignment, (padded + Self.alignment - 1) / Self.alignment * Self.alignment)
        else { preconditionFailure("out of memory: \(byteCount) bytes") }
        base = memory
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

    /// Memory that `owner` keeps alive.
    package init(base: UnsafeMutableRawPointer, byteCount: Int, owner: AnyObject) {
        self.base = base
        self.byteCount = byteCount
        kind = .lent(owner)
    }

    deinit {
        if case .owned = kind { free(base) }
    }

    /// The file this storage is a view of, if any.
    package var mappedFile: MappedFile? {
        if case .mapped(let file) = kind { return file }
        return nil
    }
}
