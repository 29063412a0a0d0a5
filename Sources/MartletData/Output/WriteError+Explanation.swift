import MartletSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension WriteError: Explainable {
    package var explanation: Explanation {
        switch self {
        case .closedPipe(let path):
            Explanation(code: "E0670", message: "the reader of `\(path)` has gone", place: InputPlace(file: path))
        case .diskFull(let path, let written):
            Explanation(
                code: "E0671", message: "no space is left on the device of `\(path)`, after \(written) bytes",
                place: InputPlace(file: path), notes: ["nothing was written: `write` is atomic"],
                help: "make room, or write to another device")
        case .cannotCreate(let path, let code):
            Explanation(
                code: "E0672", message: "cannot write `\(path)`: \(systemMessage(code))", place: InputPlace(file: path),
                help: remedy(code, path))
        case .cannotWrite(let path, let code, let written):
            Explanation(
                code: "E0673", message: "writing `\(path)` failed after \(written) bytes: \(systemMessage(code))",
                place: InputPlace(file: path))
        case .cannotCommit(let path, let code):
            Explanation(
                code: "E0674", message: "cannot put `\(path)` into place: \(systemMessage(code))",
                place: InputPlace(file: path), notes: ["the file is as it was before"], help: remedy(code, path))
        case .isDirectory(let path):
            Explanation(
                code: "E0675", message: "`\(path)` is a folder, a file is needed", place: InputPlace(file: path),
                help: "write to a file in it: '\(path.hasSuffix("/") ? path : path + "/")out.csv'")
        case .unsupportedType(let format, let column, let type):
            Explanation(
                code: "E0676", message: "\(format) has no form for column `\(column)` of type \(type.text)",
                help: "leave it out, or cast it to string")
        case .alreadyOpen(let path):
            Explanation(
                code: "E0677", message: "`\(path)` is already being written", place: InputPlace(file: path),
                help: "give each `write` its own file")
        }
    }

    private func remedy(_ code: Int32, _ path: String) -> String? {
        switch code {
        case ENOENT:
            "make the folder first: mkdir -p \(path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/"))"
        case EACCES, EPERM, EROFS: "write to a folder that you may write to"
        case ENOTDIR: "a part of the path is a file, not a folder"
        default: nil
        }
    }
}
