import Foundation
import MartletTestSupport

#if canImport(Glibc)
@preconcurrency import Glibc
#endif

/// The built command on a terminal of its own: keys go in, and a screen shows what comes out.
///
/// All waiting is for a condition, with a limit that only a broken command reaches.
final class PseudoTerminal {
    private let master: Int32
    private let process: pid_t
    private(set) var screen: TerminalScreen
    /// Everything that was written so far.
    var output: String { String(decoding: bytes, as: UTF8.self) }
    private var bytes: [UInt8] = []
    private var exitCode: Int32?

    static let patience = 90.0

    struct Unmet: Error, CustomStringConvertible {
        var description: String
    }

    /// Starts the command at the size of `columns` × `rows`, in a folder of its own as home unless `environment` says otherwise.
    init(
        _ arguments: [String] = [], home: String, environment: [String: String?] = [:], columns: Int = 80,
        rows: Int = 24, folder: String? = nil
    ) throws {
        guard let path = Command.path.map({ URL(fileURLWithPath: $0).path }) else {
            throw Unmet(description: "the command is not built")
        }
        var ends: (master: Int32, command: Int32) = (-1, -1)
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        // Not `ttyname`, whose answer all threads share: a test would get another's terminal.
        var name = [CChar](repeating: 0, count: 128)
        guard openpty(&ends.master, &ends.command, nil, nil, &size) == 0,
            ttyname_r(ends.command, &name, name.count) == 0
        else {
            throw Unmet(description: "no pseudo-terminal: \(String(cString: strerror(errno)))")
        }
        master = ends.master
        // Open until the command has opened it, so that the terminal does not count as hung up before.
        defer { close(ends.command) }
        for end in [ends.master, ends.command] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        screen = TerminalScreen(columns: columns, rows: rows)

        var variables = ProcessInfo.processInfo.environment
        for name in ["NO_COLOR", "PAGER", "LESS", "XDG_STATE_HOME", "MARTLET_HISTORY", "INPUTRC", "COLUMNS", "LINES"] {
            variables[name] = nil
        }
        variables["HOME"] = home
        variables["TERM"] = "xterm-256color"
        variables["INPUTRC"] = "/dev/null"
        for (name, value) in environment { variables[name] = value }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // The leader of a session gets the first terminal that it opens as its own.
        posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        let newSession: Int32 = 0x80  // POSIX_SPAWN_SETSID, which the C library shows only to GNU sources.
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | newSession))
        let words: [UnsafeMutablePointer<CChar>?] =
            (["sh", "-c", "cd \"$0\" && exec \"$@\"", folder ?? ".", path] + arguments).map { strdup($0) } + [nil]
        let settings: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for word in words + settings { free(word) } }
        var started: pid_t = 0
        let code = posix_spawn(&started, "/bin/sh", &actions, &attributes, words, settings)
        guard code == 0 else { throw Unmet(description: "cannot start \(path): \(String(cString: strerror(code)))") }
        process = started
    }

    deinit {
        if exitCode == nil {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
        if !isHungUp { close(master) }
    }

    // MARK: Keys

    /// Types letters; `\r` is Return, `\u{3}` is Ctrl-C.
    func type(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(master, $0.baseAddress, min($0.count, 256)) }
            if count > 0 { rest = rest.dropFirst(count) }
            if count < 0, errno != EINTR, errno != EAGAIN { return }
            // Who types ahead must read meanwhile, or both ends wait for each other.
            read(wait: 0)
        }
    }

    /// Types letters, few enough to be held, and takes nothing of what is written meanwhile.
    func typeWithoutReading(_ text: String) { _ = text.withCString { write(master, $0, strlen($0)) } }

    /// Types a line and waits for what follows it.
    func enter(_ text: String, until condition: (PseudoTerminal) -> Bool) throws {
        type(text + "\r")
        try wait("after `\(text)`", condition)
    }

    /// Ctrl-C, which a terminal lets overtake what was typed after it.
    func interrupt() throws {
        type("\u{3}")
        try waitForPrompt()
    }

    func resize(columns: Int, rows: Int) {
        screen.resize(columns: columns, rows: rows)
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    func send(_ signal: Int32) { kill(process, signal) }

    private var isHungUp = false

    /// The window is closed.
    func hangUp() {
        isHungUp = true
        close(master)
    }

    // MARK: Waiting

    func wait(_ what: String, _ condition: (PseudoTerminal) -> Bool) throws {
        let end = Date().addingTimeInterval(Self.patience)
        while !condition(self) {
            guard Date() < end else {
                throw Unmet(description: "\(what): not within \(Self.patience) s; the screen is\n\(screen.text)\n---")
            }
            read(wait: 50)
        }
    }

    func waitFor(_ text: String) throws { try wait("waiting for `\(text)`") { $0.screen.text.contains(text) } }

    /// Waits until there is an empty prompt in the last line.
    func waitForPrompt() throws { try wait("waiting for the prompt") { $0.isAtPrompt } }

    var isAtPrompt: Bool { screen.lines.last { !$0.isEmpty } == "martlet>" && screen.cursor.column == 9 }

    /// Waits until the command is suspended.
    func waitUntilStopped() throws {
        try wait("suspension") { terminal in
            var status: Int32 = 0
            return waitpid(terminal.process, &status, WNOHANG | WUNTRACED) == terminal.process && status & 0xFF == 0x7F
        }
    }

    /// Waits for the end; nil if it was by a signal.
    func waitForExit() throws -> Int32? {
        var status: Int32 = 0
        let end = Date().addingTimeInterval(Self.patience)
        while waitpid(process, &status, WNOHANG) == 0 {
            guard Date() < end else { throw Unmet(description: "it does not end; the screen is\n\(screen.text)") }
            if isHungUp { usleep(20_000) } else { read(wait: 20) }
        }
        if !isHungUp { read(wait: 0) }
        exitCode = status
        return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }

    /// Takes what has been written, after waiting up to `milliseconds` for it.
    private func read(wait milliseconds: Int32) {
        var milliseconds = milliseconds
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            var poller = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            guard poll(&poller, 1, milliseconds) > 0 else { return }
            guard poller.revents & Int16(POLLIN) != 0 else {
                usleep(5_000)
                return
            }
            milliseconds = 0
            let count = Glibc.read(master, &buffer, buffer.count)
            guard count > 0 else { return }
            bytes += buffer[..<count]
            screen.take(buffer[..<count])
        }
    }
}
