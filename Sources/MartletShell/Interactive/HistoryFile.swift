@preconcurrency import CReadline

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where the shell remembers what was typed: `MARTLET_HISTORY` (empty: nowhere), else below `XDG_STATE_HOME`, else
/// `~/.martlet_history`.
struct HistoryFile {
    let path: String
    private static let limit: Int32 = 2_000

    init?(path: String? = Self.usualPath()) {
        guard let path else { return nil }
        self.path = path
    }

    static func usualPath() -> String? {
        if let asked = getenv("MARTLET_HISTORY") {
            let path = String(cString: asked)
            return path.isEmpty ? nil : path
        }
        if let state = environmentVariable("XDG_STATE_HOME") {
            mkdir(state, 0o700)
            mkdir(state + "/martlet", 0o700)
            return state + "/martlet/history"
        }
        return environmentVariable("HOME").map { $0 + "/.martlet_history" }
    }

    func load() {
        stifle_history(Self.limit)
        read_history(path)
    }

    /// Adds the last entry to the file. A file that cannot be written is no reason to bother anybody.
    func append() {
        if append_history(1, path) != 0 { write_history(path) }
        chmod(path, 0o600)
        history_truncate_file(path, Self.limit)
    }
}
