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
                    ? "check the path; it is relative to the working directory, not to the script" : nil)
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
                code: "E0605",
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
