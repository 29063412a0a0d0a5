import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The memory of one run: every tensor that the thread makes while the account is open is charged to it until it is freed.
///
/// It holds for ops that take memory by themselves, too, and for what bodies of loops keep.
package final class TensorAccount: Sendable {
    package let limit: Int
    private let taken: Atomic<Int>

    /// - Parameter used: bytes that count as taken from the start.
    package init(limit: Int, used: Int = 0) {
        self.limit = limit
        taken = Atomic(used)
    }

    package var used: Int { taken.load(ordering: .relaxed) }

    /// The account that this thread's tensors are charged to.
    static var current: TensorAccount? {
        pthread_getspecific(key).map { Unmanaged<TensorAccount>.fromOpaque($0).takeUnretainedValue() }
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let status = pthread_key_create(&key, nil)
        precondition(status == 0, "bug: no key for a thread's account")
        return key
    }()

    /// Charges what `body` makes on this thread to an account, or to none.
    package static func charging<T>(_ account: TensorAccount?, _ body: () throws -> T) rethrows -> T {
        let outer = pthread_getspecific(key)
        pthread_setspecific(key, account.map { UnsafeRawPointer(Unmanaged.passUnretained($0).toOpaque()) })
        defer { pthread_setspecific(key, outer) }
        return try withExtendedLifetime(account) { try body() }
    }

    /// Throws `TensorError.memoryLimit` if so many bytes more would be too many.
    func check(_ bytes: Int) throws {
        let used = used
        guard bytes <= limit - min(used, limit) else {
            throw TensorError.memoryLimit(bytes: bytes, used: used, limit: limit)
        }
    }

    package func add(_ bytes: Int) { taken.add(bytes, ordering: .relaxed) }
    package func remove(_ bytes: Int) { taken.subtract(bytes, ordering: .relaxed) }
}
