#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Files of the project, found from where this file was compiled.
package enum ProjectFiles {
    /// The package's folder.
    package static let root: String = {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(3)
        return parts.joined(separator: "/")
    }()

    /// Makes the package's folder the working folder, as scripts in examples and tests expect.
    package static func enter() { chdir(root) }

    /// Paths relative to the package's folder of all files below `folder` that end in `suffix`, sorted.
    package static func find(_ folder: String, suffix: String) -> [String] {
        var result: [String] = []
        guard let directory = opendir("\(root)/\(folder)") else { return [] }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(".") { continue }
            if Int32(entry.pointee.d_type) == Int32(DT_DIR) {
                result += find("\(folder)/\(name)", suffix: suffix)
            } else if name.hasSuffix(suffix) {
                result.append("\(folder)/\(name)")
            }
        }
        return result.sorted()
    }

    /// The text of a file of the project.
    package static func read(_ path: String) -> String? {
        bytes("\(root)/\(path)").map { String(decoding: $0, as: UTF8.self) }
    }

    /// The content of any file.
    package static func bytes(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    package static func write(_ text: String, to path: String) {
        guard let file = fopen("\(root)/\(path)", "w") else { return }
        defer { fclose(file) }
        fputs(text, file)
    }

    /// The folder that example scripts write into.
    package static func makeOutputFolder() { mkdir("\(root)/out", 0o777) }

    /// The folder of real data, if the environment names one.
    package static var data: String? { environment("MARTLET_DATA") }

    package static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
