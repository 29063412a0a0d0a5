import Martlet

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The text of a script, from a file or, for `-`, from standard input.
struct ScriptFile {
    let name: String
    let text: String

    /// Longer files are no scripts.
    private static let sizeLimit = 16 << 20

    init(_ path: String) throws(CommandError) {
        name = path == "-" ? "standard input" : path
        let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.cannotOpen(path, errno) }
        defer { if descriptor != 0 { close(descriptor) } }
        let bytes = try Self.bytes(descriptor, path: path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .unreadable(
                path, reason: "line \(Self.lineOfFirstError(bytes)) is not UTF-8",
                help: "a script is text in UTF-8; is this the right file?")
        }
        self.text = text
    }

    private static func bytes(_ descriptor: Int32, path: String) throws(CommandError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EISDIR {
                throw .unreadable(path, reason: "it is a folder", help: "give a script: \(path)/….mlet")
            }
            guard count >= 0 else { throw .unreadable(path, reason: String(cString: strerror(errno))) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= sizeLimit else {
                throw .unreadable(path, reason: "it is longer than 16 MB", help: "is this a script?")
            }
        }
    }

    private static func cannotOpen(_ path: String, _ code: Int32) -> CommandError {
        var help: String?
        if code == ENOENT, let close = Session.suggestion(for: fileName(path), among: neighbours(path)) {
            help = "did you mean `\(folder(path))\(close)`?"
        }
        return .unreadable(path, reason: String(cString: strerror(code)), help: help)
    }

    private static func folder(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }

    private static func fileName(_ path: String) -> String { String(path.dropFirst(folder(path).count)) }

    private static func neighbours(_ path: String) -> [String] {
        let folder = folder(path)
        return FolderListing(folder.isEmpty ? "." : folder).entries.map(\.name)
    }

    private static func lineOfFirstError(_ bytes: [UInt8]) -> Int {
        var line = 1
        for part in bytes.split(separator: 10, omittingEmptySubsequences: false) {
            guard String(validating: part, as: UTF8.self) != nil else { return line }
            line += 1
        }
        return line
    }
}
