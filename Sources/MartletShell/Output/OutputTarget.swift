import Martlet

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where results go: standard output, or the file of `.output`.
final class OutputTarget {
    private(set) var descriptor: Int32 = 1
    /// Its name in messages.
    private(set) var path = "standard output"

    var isFile: Bool { descriptor != 1 }

    /// The format that the file's ending asks for; nil without a file, or for other endings.
    var format: OutputFormat? {
        guard isFile, let dot = path.lastIndex(of: ".") else { return nil }
        switch path[path.index(after: dot)...].lowercased() {
        case "csv": return .csv
        case "json": return .json
        case "jsonl", "ndjson": return .jsonl
        case "md": return .markdown
        default: return nil
        }
    }

    /// From now on results go to a new file at `path`; nil: to standard output again. Stays as it is when it throws.
    func redirect(to path: String?) throws(CommandError) {
        guard let path else { return close() }
        // Without waiting for somebody who reads, if it is a pipe.
        let opened = open(expandedPath(path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0o666)
        guard opened >= 0 else {
            throw CommandError(
                message: "cannot write `\(path)`: \(String(cString: strerror(errno)))",
                help: "results still go to \(self.path)", status: .failure)
        }
        _ = fcntl(opened, F_SETFL, fcntl(opened, F_GETFL) & ~O_NONBLOCK)
        close()
        descriptor = opened
        self.path = path
    }

    /// Ends the file, if there is one.
    func close() {
        guard isFile else { return }
        systemClose(descriptor)
        descriptor = 1
        path = "standard output"
    }
}

private func systemClose(_ descriptor: Int32) { close(descriptor) }

/// `~/` at its start stands for the home folder.
func expandedPath(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = environmentVariable("HOME") else { return path }
    return home + path.dropFirst()
}
