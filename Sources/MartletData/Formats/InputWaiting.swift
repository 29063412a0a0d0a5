#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Lets somebody end the wait for a pipe that stays silent.
package enum InputWaiting {
    private final class Question: Sendable {
        let isStopped: @Sendable () -> Bool
        init(_ isStopped: @escaping @Sendable () -> Bool) { self.isStopped = isStopped }
    }

    /// Holds the question of each thread. A value of the thread, not of a task: queries run on plain threads of the host.
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    /// Whether reads from pipes on this thread are to be given up; nil where nobody asks.
    static var isStopped: (@Sendable () -> Bool)? {
        pthread_getspecific(key).map { Unmanaged<Question>.fromOpaque($0).takeUnretainedValue().isStopped }
    }

    /// Runs `body`; reads from pipes in it, on this thread, are given up as soon as `isStopped`.
    package static func whileAsking<R>(
        _ isStopped: @escaping @Sendable () -> Bool, _ body: () throws -> R
    ) rethrows -> R {
        let question = Question(isStopped)
        let before = pthread_getspecific(key)
        pthread_setspecific(key, Unmanaged.passUnretained(question).toOpaque())
        defer { pthread_setspecific(key, before) }
        return try withExtendedLifetime(question) { try body() }
    }

    /// How often it asks, in milliseconds.
    private static let interval: Int32 = 50

    /// Waits until a read from `descriptor` would not block. Throws `InputStopped`.
    static func wait(for descriptor: Int32) throws {
        guard let isStopped else { return }
        var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&poller, 1, interval) <= 0 {
            if isStopped() { throw InputStopped() }
        }
    }
}

/// Reading was given up because the query was stopped.
package struct InputStopped: Error {
    package init() {}
}
