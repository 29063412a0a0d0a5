#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Lets somebody end the wait for a pipe that stays silent.
package enum InputWaiting {
    /// Whether reads from pipes are to be given up; nil where nobody asks.
    @TaskLocal package static var isStopped: (@Sendable () -> Bool)?

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
