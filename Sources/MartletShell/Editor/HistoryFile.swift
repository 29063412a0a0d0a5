#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where the shell remembers what was typed: `MARTLET_HISTORY` (empty: nowhere), else below `XDG_STATE_HOME`, else
/// `~/.martlet_history`.
///
/// One line for each text; a line end in it is written `\n`, a backslash `\\`. Entries are appended each with one write, so that
/// several shells may share a file. A file that cannot be read or written is no reason to bother anybody.
package struct HistoryFile {
    private let path: String

    /// Texts that are kept.
    package static let limit = 2_000
    /// The file is shortened when it has grown beyond this.
    private static let sizeLimit = 4 << 20

    package init?(path: String? = Self.usualPath()) {
        guard let path else { return nil }
        self.path = path
    }

    package static func usualPath() -> String? {
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

    /// The last texts, oldest first.
    package func load() -> [String] {
        guard let descriptor = open(for: O_RDONLY) else { return [] }
        defer { close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        let start = max(0, size - off_t(Self.sizeLimit))
        lseek(descriptor, start, SEEK_SET)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= Self.sizeLimit {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        var lines = bytes.split(separator: UInt8(ascii: "\n"))
        // What is left of a line that began before.
        if start > 0, !lines.isEmpty { lines.removeFirst() }
        let entries = lines.suffix(Self.limit).map { Self.decoded(String(decoding: $0, as: UTF8.self)) }
            .filter { !$0.utf8.contains(0) }
        if size > off_t(Self.sizeLimit) || lines.count > Self.limit * 2 { replace(with: entries) }
        return entries
    }

    package func append(_ text: String) {
        guard let descriptor = open(for: O_WRONLY | O_APPEND | O_CREAT) else { return }
        defer { close(descriptor) }
        put(Self.encoded(text) + "\n", descriptor)
    }

    private func replace(with entries: [String]) {
        let beside = "\(path).\(getpid())"
        guard let descriptor = open(for: O_WRONLY | O_CREAT | O_EXCL, path: beside) else { return }
        let isWhole = put(entries.map { Self.encoded($0) + "\n" }.joined(), descriptor)
        close(descriptor)
        if !isWhole || rename(beside, path) != 0 { unlink(beside) }
    }

    /// Regular files only: others, a pipe say, could keep the shell waiting.
    private func open(for flags: Int32, path: String? = nil) -> Int32? {
        #if canImport(Darwin)
        let descriptor = Darwin.open(path ?? self.path, flags | O_CLOEXEC | O_NONBLOCK, 0o600)
        #elseif canImport(Musl)
        let descriptor = Musl.open(path ?? self.path, flags | O_CLOEXEC | O_NONBLOCK, 0o600)
        #else
        let descriptor = Glibc.open(path ?? self.path, flags | O_CLOEXEC | O_NONBLOCK, 0o600)
        #endif
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    @discardableResult
    private func put(_ text: String, _ descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { write(descriptor, $0.baseAddress, $0.count) == $0.count }
    }

    // MARK: Lines

    package static func encoded(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\\": result += "\\\\"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    package static func decoded(_ line: String) -> String {
        var result = ""
        var isEscaped = false
        for scalar in line.unicodeScalars {
            if isEscaped {
                isEscaped = false
                switch scalar {
                case "n": result += "\n"
                case "\\": result += "\\"
                default: result += "\\\(scalar)"
                }
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return isEscaped ? result + "\\" : result
    }
}
