import Martlet
import Synchronization

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// One line on standard error that tells how far a query is; it appears after two seconds and leaves no trace.
final class ProgressLine: Sendable {
    private struct State {
        var isRunning = true
        var isShown = false
    }

    private let state = Mutex(State())
    private let start = monotonicSeconds()
    private static let delay = 2.0
    private static let interval: UInt32 = 150_000

    /// - Parameter progress: share of the input that is done, where known, and rows done.
    init(_ progress: @escaping @Sendable () -> (fraction: Double?, rows: Int)) {
        startThread { [self] in
            while true {
                usleep(Self.interval)
                guard tick(progress) else { return }
            }
        }
    }

    /// Takes the line away and lets `body` write to the terminal.
    func hidden<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        try state.withLock { state throws(E) in
            clear(&state)
            return try body()
        }
    }

    /// Takes the line away for good.
    func finish() {
        state.withLock { state in
            state.isRunning = false
            clear(&state)
        }
    }

    private func clear(_ state: inout State) {
        guard state.isShown else { return }
        state.isShown = false
        writeBestEffort("\r\u{1B}[K", to: 2)
    }

    /// False when there is nothing left to show.
    private func tick(_ progress: () -> (fraction: Double?, rows: Int)) -> Bool {
        state.withLock { state in
            guard state.isRunning else { return false }
            let seconds = monotonicSeconds() - start
            // A terminal that takes nothing now, a stopped one say, must not hold up the query.
            guard seconds >= Self.delay, isWritable(2) else { return true }
            let now = progress()
            let text = ProgressText(rows: now.rows, fraction: now.fraction, seconds: seconds).text
            state.isShown = true
            writeBestEffort("\r" + DisplayWidth.cut(text, to: Terminal.width(of: 2) - 1) + "\u{1B}[K", to: 2)
            return true
        }
    }
}

private func isWritable(_ descriptor: Int32) -> Bool {
    var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&poller, 1, 0) > 0 && poller.revents & Int16(POLLOUT) != 0
}

/// What the progress line says.
package struct ProgressText {
    package var rows: Int
    /// Share that is done, 0 to 1; nil if not known.
    package var fraction: Double?
    package var seconds: Double

    /// `8,192 rows  1,234 rows/s  35 %  0:12 left`
    package init(rows: Int, fraction: Double?, seconds: Double) {
        self.rows = rows
        self.fraction = fraction
        self.seconds = seconds
    }

    package var text: String {
        guard rows > 0 else { return "working, \(Self.clock(seconds))" }
        var parts = ["\(grouped(rows)) rows"]
        if seconds > 0 { parts.append("\(grouped(Int((Double(rows) / seconds).rounded()))) rows/s") }
        if let fraction, fraction > 0 {
            parts.append("\(Int((min(1, fraction) * 100).rounded(.down))) %")
            if fraction < 1 { parts.append("\(Self.clock(seconds / fraction - seconds)) left") }
        }
        return parts.joined(separator: "  ")
    }

    /// `0:07`, `1:02:30`
    package static func clock(_ seconds: Double) -> String {
        let total = seconds.isFinite ? Int(min(max(0, seconds), 1e8).rounded()) : 0
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (hours, minutes) = (total / 3_600, total / 60 % 60)
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(total % 60))" : "\(minutes):\(two(total % 60))"
    }
}
