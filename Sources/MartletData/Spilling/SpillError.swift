import MartletSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What stopped rows from going to a temporary file, or from coming back.
package enum SpillError: Error, Hashable, Sendable {
    case cannotCreate(folder: String, errno: Int32)
    case diskFull(folder: String, written: Int)
    case cannotWrite(folder: String, errno: Int32)
    case cannotRead(folder: String, errno: Int32)
    /// The file is not as it was written.
    case damaged(folder: String)
    /// A tensor of elements that are no plain bytes.
    case unsupportedType(DataType)
}

extension SpillError: Explainable {
    package var explanation: Explanation {
        let why = "rows beyond `memory_limit` go to temporary files"
        switch self {
        case .cannotCreate(let folder, let code):
            return Explanation(
                code: "E0541", message: "cannot make a temporary file in `\(folder)`: \(systemMessage(code))",
                notes: [why],
                help: "`set temp_directory = '…'` names another folder, `set memory_limit = …` allows more memory")
        case .diskFull(let folder, let written):
            return Explanation(
                code: "E0542", message: "no space is left for temporary files in `\(folder)`, after \(written) bytes",
                notes: [why], help: "make room, or `set temp_directory = '…'` to a folder on another device")
        case .cannotWrite(let folder, let code):
            return Explanation(
                code: "E0543", message: "writing a temporary file in `\(folder)` failed: \(systemMessage(code))",
                notes: [why])
        case .cannotRead(let folder, let code):
            return Explanation(
                code: "E0544", message: "reading a temporary file in `\(folder)` failed: \(systemMessage(code))",
                notes: [why])
        case .damaged(let folder):
            return Explanation(
                code: "E0545", message: "a temporary file in `\(folder)` is not as it was written", notes: [why],
                help: "check the device, or `set temp_directory = '…'` to a folder on another one")
        case .unsupportedType(let type):
            return Explanation(
                code: "E0546", message: "a column of type \(type.text) cannot go to a temporary file", notes: [why],
                help: "`set memory_limit = …` allows more memory, or `select` other columns before")
        }
    }
}
