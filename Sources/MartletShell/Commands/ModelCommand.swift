import ArgumentParser
import Martlet

/// `martlet model …`
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Look at models.",
        subcommands: [DescribeCommand.self, VerifyCommand.self])

    /// `martlet model describe PATH`
    struct DescribeCommand: ShellCommand {
        static let configuration = CommandConfiguration(
            commandName: "describe",
            abstract: "Show a model's inputs, outputs, types, parameters, FLOP and operators.",
            usage: "martlet model describe PATH [--json]",
            discussion: """
                PATH is a folder with config.json and model.safetensors, or an .onnx file.

                EXAMPLE:
                  martlet model describe models/tone
                """)

        @Flag(help: "As one JSON object.")
        var json = false

        @OptionGroup var color: ColorOptions

        @Argument(help: ArgumentHelp("A model.", valueName: "path"))
        var path: String

        func execute() throws(CommandError) -> ExitStatus {
            do throws(MartletError) {
                let model = try ModelInspection(path)
                try TextWriter().write(json ? model.json : model.text)
                return .success
            } catch {
                return ScriptRunner(session: Session(), terminal: color.terminal).report(error)
            }
        }
    }

    /// `martlet model verify DIR…`
    struct VerifyCommand: ShellCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Run ONNX test cases.",
            usage: "martlet model verify FOLDER… [--failed]",
            discussion: """
                Each folder holds model.onnx and test_data_set_0, test_data_set_1, … with inputs and expected outputs. Ends with \
                exit code 1 if a case does not pass.
                """)

        @Flag(help: "Name only the cases that do not pass.")
        var failed = false

        @Argument(help: ArgumentHelp("Test cases.", valueName: "folder"))
        var folders: [String]

        func execute() throws(CommandError) -> ExitStatus {
            var passed = 0
            for folder in folders {
                let result = ModelVerification(folder: folder)
                if result.hasPassed { passed += 1 }
                if !result.hasPassed || !failed { writeBestEffort("\(folder): \(result.text)\n", to: 1) }
            }
            writeBestEffort("\(passed) of \(folders.count) passed\n", to: 2)
            return passed == folders.count ? .success : .failure
        }
    }
}
