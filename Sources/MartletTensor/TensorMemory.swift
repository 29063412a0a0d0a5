import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The memory that tensors of this process own, and the most that they may. Mapped files do not count.
///
/// The limit holds for the process, not for a query: batches of several workers share what there is. Every tensor whose size
/// comes from a model's or a table's numbers is made by a throwing initialiser, which asks here first.
package enum TensorMemory {
    private static let live = Atomic<Int>(0)
    private static let cap = Atomic<Int>(defaultLimit)

    /// Bytes that are owned now.
    package static var used: Int { live.load(ordering: .relaxed) }

    package static var limit: Int { cap.load(ordering: .relaxed) }

    /// nil: the default, four fifths of the machine's memory.
    package static func setLimit(_ bytes: Int?) { cap.store(bytes ?? defaultLimit, ordering: .relaxed) }

    private static let defaultLimit: Int = {
        let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
        guard pages > 0, size > 0 else { return .max }
        let (bytes, overflow) = pages.multipliedReportingOverflow(by: size)
        return overflow ? .max : bytes / 5 * 4
    }()

    /// Throws `TensorError.memoryLimit` if so many bytes more would be too many.
    static func check(_ bytes: Int) throws {
        let (used, limit) = (used, limit)
        guard bytes <= limit - min(used, limit) else {
            throw TensorError.memoryLimit(bytes: bytes, used: used, limit: limit)
        }
    }

    static func add(_ bytes: Int) { live.add(bytes, ordering: .relaxed) }
    static func remove(_ bytes: Int) { live.subtract(bytes, ordering: .relaxed) }
}
