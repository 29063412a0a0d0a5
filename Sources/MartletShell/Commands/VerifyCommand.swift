import ArgumentParser
import Martlet

/// `martlet model verify DIR…`
struct VerifyCommand: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Run models on inputs with known outputs.",
        usage: "martlet model verify FOLDER… [--failed] [--json] [--rtol R] [--atol A]",
        discussion: """
            A FOLDER is a test case in the layout of the ONNX project, model.onnx beside test_data_set_0, test_data_set_1, … with \
            input_0.pb … and output_0.pb …; or a folder of such folders. Each case passes, differs (where, and by how much), \
            needs operators that are not supported, or fails. The last line is `N passed, N failed`; exit code 1 if one did not pass.

            EXAMPLE:
              martlet model verify resnet50 cases/
            """)

    @Flag(help: "Name only the cases that do not pass.")
    var failed = false

    @Flag(help: "One JSON object for each case, one on a line.")
    var json = false

    @Option(help: "Difference allowed, relative to the expected number.")
    var rtol: Double = ModelVerification.relativeTolerance

    @Option(help: "Difference allowed besides.")
    var atol: Double = ModelVerification.absoluteTolerance

    @Argument(help: ArgumentHelp("Test cases, or folders of them.", valueName: "folder"))
    var folders: [String]

    func execute() throws(CommandError) -> ExitStatus {
        var passed = 0
        var count = 0
        let output = TextWriter()
        for folder in folders {
            for path in try cases(folder) {
                let result = ModelVerification(folder: path, relativeTolerance: rtol, absoluteTolerance: atol)
                count += 1
                if result.hasPassed { passed += 1 }
                guard !result.hasPassed || !failed else { continue }
                do throws(MartletError) {
                    try output.write(json ? result.json : "\(path): \(result.text)\n")
                } catch {
                    return ScriptRunner(session: Session(), terminal: Terminal()).report(error)
                }
            }
        }
        writeBestEffort("\(passed) passed, \(count - passed) failed\n", to: json ? 2 : 1)
        return passed == count ? .success : .failure
    }

    /// The folder itself, if it is a case, else the cases in it.
    private func cases(_ folder: String) throws(CommandError) -> [String] {
        let entries = FolderListing(folder, limit: 1_000_000).entries
        if entries.contains(where: { $0.name == "model.onnx" }) { return [folder] }
        let root = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        let inner = entries.filter { entry in
            entry.isFolder
                && FolderListing("\(root)/\(entry.name)").entries.contains { $0.name == "model.onnx" }
        }.map { "\(root)/\($0.name)" }
        guard !inner.isEmpty else {
            throw CommandError.unreadable(
                folder, reason: "it is no test case and holds none",
                help: "a test case is a folder with model.onnx and test_data_set_0/input_0.pb, output_0.pb, …")
        }
        return inner
    }
}
