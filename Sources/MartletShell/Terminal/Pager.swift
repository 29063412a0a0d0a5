#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A program that shows long text page by page, such as `less`.
final class Pager {
    /// Where to write the text.
    let descriptor: Int32
    let command: String
    private let process: pid_t
    private var isOpen = true

    /// What `PAGER` says (nothing, and `cat`: no pager), else less where it is installed, which chops long lines, keeps colours, and
    /// leaves at once if the text fits the screen.
    static func usualCommand() -> String? {
        guard let asked = getenv("PAGER").map({ String(cString: $0) }) else {
            return isInstalled("less") ? "less -SRFX" : nil
        }
        let command = asked.drop { $0 == " " }
        return command.isEmpty || command == "cat" ? nil : String(command)
    }

    private static func isInstalled(_ program: String) -> Bool {
        let folders = (environmentVariable("PATH") ?? "/usr/bin:/bin").split(separator: ":")
        return folders.contains { access("\($0)/\(program)", X_OK) == 0 }
    }

    /// Starts the pager with a shell; nil if that cannot be done.
    init?(_ command: String) {
        guard let pipe = makePipe() else { return nil }
        self.command = command
        // The shell itself outlives Ctrl-C, which pagers take to mean something else.
        let script = """
            trap : INT; : "${LESS=-SRFX}" "${LESSCHARSET=utf-8}"; export LESS LESSCHARSET
            \(command)
            """
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #else
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, pipe.read, 0)
        posix_spawnattr_init(&attributes)
        // Closed pipes are ignored here; a program that knows nothing of it must not inherit that.
        var usual = sigset_t()
        sigemptyset(&usual)
        sigaddset(&usual, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &usual)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var process: pid_t = 0
        let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(script), nil]
        let code = posix_spawn(&process, "/bin/sh", &actions, &attributes, arguments, environ)
        for argument in arguments { free(argument) }
        posix_spawn_file_actions_destroy(&actions)
        posix_spawnattr_destroy(&attributes)
        close(pipe.read)
        guard code == 0 else {
            close(pipe.write)
            return nil
        }
        self.process = process
        descriptor = pipe.write
    }

    /// Ends the text and waits until the reader has read it. False if there is no such program.
    @discardableResult
    func finish() -> Bool {
        guard isOpen else { return true }
        isOpen = false
        close(descriptor)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 { guard errno == EINTR else { return true } }
        // 127 and 126 are a shell's words for a command that it does not find or may not run.
        let code = status >> 8 & 0xFF
        return status & 0x7F != 0 || code != 127 && code != 126
    }

    deinit { finish() }
}
