import ArgumentParser
import Martlet

/// `martlet model operators`
struct OperatorsCommand: ShellCommand {
    static let configuration = CommandConfiguration(
        commandName: "operators",
        abstract: "List the ONNX operators that models may use.",
        usage: "martlet model operators [--json]")

    @Flag(help: "As one JSON object, domain to names.")
    var json = false

    @OptionGroup var color: ColorOptions

    func execute() throws(CommandError) -> ExitStatus {
        do throws(MartletError) {
            try TextWriter().write(json ? OperatorListing().json : OperatorListing().text)
            return .success
        } catch {
            return ScriptRunner(session: Session(), terminal: color.terminal).report(error)
        }
    }
}
