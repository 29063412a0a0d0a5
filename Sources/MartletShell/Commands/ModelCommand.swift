import ArgumentParser
import Martlet

/// `martlet model …`
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Look at models.",
        subcommands: [DescribeCommand.self, VerifyCommand.self, OperatorsCommand.self])

    /// `martlet model describe PATH`
    struct DescribeCommand: ShellCommand {
        static let configuration = CommandConfiguration(
            commandName: "describe",
            abstract: "Show a model's inputs, outputs, types, parameters, FLOP and operators.",
            usage: "martlet model describe PATH [--precision PRECISION] [--json]",
            discussion: """
                PATH is a folder with config.json and model.safetensors, or an .onnx file.

                EXAMPLE:
                  martlet model describe models/tone
                """)

        @Flag(help: "As one JSON object.")
        var json = false

        @Option(
            help: ArgumentHelp(
                "Also show what each product with weights is made of on this machine: \(ModelInspection.precisions.joined(separator: ", ")).",
                valueName: "precision"))
        var precision: String?

        @OptionGroup var color: ColorOptions

        @Argument(help: ArgumentHelp("A model.", valueName: "path"))
        var path: String

        func execute() throws(CommandError) -> ExitStatus {
            do throws(MartletError) {
                let model = try ModelInspection(path, precision: precision)
                try TextWriter().write(json ? model.json : model.text)
                return .success
            } catch {
                return ScriptRunner(session: Session(), terminal: color.terminal).report(error)
            }
        }
    }
}
