#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension FileError: Explainable {
    package var explanation: Explanation {
        switch self {
        case .cannotOpen(let path, let code):
            return Explanation(
                code: "E0601", message: "cannot open `\(path)`: \(systemMessage(code))", place: InputPlace(file: path),
                help: code == ENOENT
                    ? existingPath(closeTo: path).map { "did you mean `\($0)`?" }
                        ?? "check the path; it is relative to the working directory, not to the script" : nil)
        case .cannotRead(let path, let code):
            return Explanation(
                code: "E0602", message: "cannot read `\(path)`: \(systemMessage(code))", place: InputPlace(file: path))
        case .isDirectory(let path):
            return Explanation(
                code: "E0603", message: "`\(path)` is a folder, a file is needed", place: InputPlace(file: path))
        case .notRegular(let path):
            return Explanation(
                code: "E0604", message: "`\(path)` is not a regular file", place: InputPlace(file: path))
        case .outOfBounds(let path, let offset, let wanted, let available):
            return Explanation(
                code: "E0606",
                message:
                    "`\(path)` ends too early: \(wanted) bytes are needed at offset \(offset), \(available) are left",
                place: InputPlace(file: path, offset: offset), help: "the file may be truncated; fetch it again")
        }
    }
}

/// The system's own words for an `errno` value.
package func systemMessage(_ code: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    _ = strerror_r(code, &buffer, buffer.count)
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// A path like `path` that exists: the first part that is missing replaced by a close name in the same folder.
private func existingPath(closeTo path: String) -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    for index in parts.indices where !parts[index].isEmpty {
        let folder = parts[..<index].joined(separator: "/")
        guard access(parts[...index].joined(separator: "/"), F_OK) != 0 else { continue }
        let names = entries(folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder)
        guard let close = closestName(to: parts[index], among: names) else { return nil }
        let suggestion = (parts[..<index] + [close] + parts[(index + 1)...]).joined(separator: "/")
        return access(suggestion, F_OK) == 0 ? suggestion : nil
    }
    return nil
}

/// Names in a folder; hidden ones are left out, and what comes after the first thousand.
private func entries(_ folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while names.count < 1_000, let entry = readdir(directory) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
}
