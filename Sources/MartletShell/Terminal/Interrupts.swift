import Martlet
import Synchronization

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where the signal handler writes; a plain number, so that the handler runs no initializer.
private nonisolated(unsafe) var signalPipe: Int32 = -1

/// Turns Ctrl-C and requests to end into stopped queries.
///
/// The handler only writes the signal's number into a pipe; a thread reads it and decides by what is going on.
final class Interrupts: Sendable {
    static let shared = Interrupts()

    private struct State {
        /// The session whose query runs.
        var running: Session?
        /// Queries so far.
        var run = 0
        /// Signals since the query began.
        var count = 0
        /// The first signal since the query began.
        var signal: Int32?
        var isInteractive = false
        var isInstalled = false
    }

    private let state = Mutex(State())
    /// Signals that came while no query ran, for the prompt: its reading end, its writing end.
    private let prompt = Mutex<(read: Int32, write: Int32)>((-1, -1))

    /// Descriptor that becomes readable when a signal comes at the prompt.
    var promptDescriptor: Int32 { prompt.withLock { $0.read } }

    /// From now on SIGINT, SIGTERM and SIGHUP come here. Interactive: SIGINT outside of queries goes to the prompt. Otherwise it
    /// ends the process with 130.
    func install(interactive: Bool) {
        let isNew = state.withLock { state in
            defer { state.isInstalled = true }
            state.isInteractive = interactive
            return !state.isInstalled
        }
        guard isNew, let pipe = makePipe(), let toPrompt = makePipe() else { return }
        prompt.withLock { $0 = toPrompt }
        signalPipe = pipe.write
        startThread { [self] in watch(pipe.read) }
        // What the prompt is told of besides: the window's size, and Ctrl-Z.
        let signals = interactive ? Self.ending + [SIGWINCH, SIGTSTP] : Self.ending
        for signal in signals {
            var action = sigaction()
            sigaction(signal, nil, &action)
            // What was started with a signal ignored (nohup, jobs in the background of scripts) goes on ignoring it.
            guard !isIgnored(action) else { continue }
            action = sigaction()
            #if canImport(Darwin)
            action.__sigaction_u.__sa_handler = handleSignal
            #else
            action.__sigaction_handler.sa_handler = handleSignal
            #endif
            action.sa_flags = Int32(SA_RESTART)
            sigaction(signal, &action, nil)
        }
        // Whoever started the process may have held them back, and that is inherited.
        var all = sigset_t()
        sigemptyset(&all)
        for signal in signals { sigaddset(&all, signal) }
        pthread_sigmask(SIG_UNBLOCK, &all, nil)
    }

    private static let ending = [SIGINT, SIGTERM, SIGHUP]

    /// Runs `body`, during which the first signal stops `session`'s query.
    func whileRunning<R, E: Error>(_ session: Session, _ body: () throws(E) -> R) throws(E) -> R {
        state.withLock { state in
            state.running = session
            state.run += 1
            state.count = 0
            // One that came after Return and before this is meant for the query.
            state.signal = state.isInteractive ? takeEndingSignal() : nil
        }
        defer { state.withLock { $0.running = nil } }
        return try body()
    }

    /// The signal that came since the last query began.
    var pendingSignal: Int32? { state.withLock { $0.signal } }

    /// The next signal that came at the prompt; nil if there is none.
    func takePromptSignal() -> Int32? {
        let descriptor = promptDescriptor
        guard descriptor >= 0 else { return nil }
        var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&poller, 1, 0) > 0 else { return nil }
        var byte: UInt8 = 0
        return read(descriptor, &byte, 1) == 1 ? Int32(byte) : nil
    }

    private func takeEndingSignal() -> Int32? {
        while let signal = takePromptSignal() { if Self.ending.contains(signal) { return signal } }
        return nil
    }

    // MARK: The watching thread

    private func watch(_ descriptor: Int32) {
        while true {
            var byte: UInt8 = 0
            let count = read(descriptor, &byte, 1)
            if count == 1 {
                received(Int32(byte))
            } else if !(count < 0 && errno == EINTR) {
                return
            }
        }
    }

    private func received(_ signal: Int32) {
        if signal == SIGWINCH || signal == SIGTSTP {
            if state.withLock({ $0.running == nil }) {
                tellPrompt(signal)
            } else if signal == SIGTSTP {
                kill(getpid(), SIGSTOP)
            }
            return
        }
        let (session, run, count, isInteractive) = state.withLock { state in
            if state.running != nil {
                state.count += 1
                state.signal = state.signal ?? signal
            }
            return (state.running, state.run, state.count, state.isInteractive)
        }
        guard let session else {
            guard isInteractive else { end(signal) }
            return tellPrompt(signal)
        }
        // The second one ends a command that does not stop; a shell goes on waiting.
        if count > 1, !isInteractive { end(signal) }
        guard count == 1 else { return }
        startThread { [self] in keepStopping(session, run, signal, endsProcess: !isInteractive || signal != SIGINT) }
    }

    /// Stops the query until it has stopped: one stop could come before there is something to stop.
    ///
    /// - Parameter endsProcess: whether patience ends, with a query that does not look up.
    private func keepStopping(_ session: Session, _ run: Int, _ signal: Int32, endsProcess: Bool) {
        let start = monotonicSeconds()
        while true {
            // Under the lock, so that it is not the next query that is stopped.
            let isRunning = state.withLock { state in
                guard state.running != nil, state.run == run else { return false }
                session.stop()
                return true
            }
            guard isRunning else { return }
            if endsProcess, monotonicSeconds() - start > Self.patience { end(signal) }
            usleep(50_000)
        }
    }

    private func tellPrompt(_ signal: Int32) {
        var byte = UInt8(truncatingIfNeeded: signal)
        _ = write(prompt.withLock { $0.write }, &byte, 1)
    }

    private static let patience = 3.0

    private func end(_ signal: Int32) -> Never {
        Session.removeUnfinishedFiles()
        _exit(128 + signal)
    }
}

private func isIgnored(_ action: sigaction) -> Bool {
    #if canImport(Darwin)
    let handler = action.__sigaction_u.__sa_handler
    #else
    let handler = action.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
}

private func handleSignal(_ signal: Int32) {
    let before = errno
    var byte = UInt8(truncatingIfNeeded: signal)
    _ = write(signalPipe, &byte, 1)
    errno = before
}
