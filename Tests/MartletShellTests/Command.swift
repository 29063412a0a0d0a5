import Foundation
import MartletTestSupport

/// The command that was built with these tests.
enum Command {
    struct Result: Equatable {
        var code: Int32
        var output: String
        var errors: String
    }

    /// Named by the variable MARTLET, or beside the test bundle.
    static let path: String? = {
        if let named = ProjectFiles.environment("MARTLET") { return named }
        var folders = CommandLine.arguments.filter { $0.contains(".xctest") }.map { text -> String in
            let bundle = text.range(of: ".xctest").map { String(text[..<$0.upperBound]) } ?? text
            return (bundle as NSString).deletingLastPathComponent
        }
        folders.append(ProjectFiles.root + "/.build/debug")
        return folders.map { $0 + "/martlet" }.first { access($0, X_OK) == 0 }
    }()

    static func run(_ arguments: String..., input: String? = nil) throws -> Result { try run(arguments, input: input) }

    static func run(_ arguments: [String], input: String? = nil) throws -> Result {
        try start(path ?? "martlet", arguments, input: input)
    }

    /// Runs a text of bash; `$0` is `name`.
    static func shell(_ text: String, _ name: String = "bash") throws -> Result {
        try start("/bin/bash", ["-c", text, name], input: nil)
    }

    /// Output goes through files, so that no pipe can fill up.
    private static func start(_ path: String, _ arguments: [String], input: String?) throws -> Result {
        let folder = try Folder()
        for name in ["in", "out", "err"] {
            FileManager.default.createFile(atPath: "\(folder.path)/\(name)", contents: nil)
        }
        if let input { try input.write(toFile: folder.path + "/in", atomically: false, encoding: .utf8) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["TERM"] = "dumb"
        process.environment = environment
        process.standardInput = FileHandle(forReadingAtPath: folder.path + "/in")
        process.standardOutput = FileHandle(forWritingAtPath: folder.path + "/out")
        process.standardError = FileHandle(forWritingAtPath: folder.path + "/err")
        try process.run()
        process.waitUntilExit()
        return Result(
            code: process.terminationStatus, output: try String(contentsOfFile: folder.path + "/out", encoding: .utf8),
            errors: try String(contentsOfFile: folder.path + "/err", encoding: .utf8))
    }
}

/// A folder that goes with its last reference.
final class Folder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "martlet-shell-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
