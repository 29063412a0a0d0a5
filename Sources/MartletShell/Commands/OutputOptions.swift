import ArgumentParser
import Martlet

extension OutputFormat: ExpressibleByArgument {}
extension Terminal.ColorChoice: ExpressibleByArgument {}

/// Options of every command that runs queries.
struct OutputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How to print results; a box on a terminal, else csv.", valueName: "format"))
    var format: OutputFormat?

    @Flag(name: .customLong("no-header"), help: "Leave out the row of names (csv, markdown).")
    var noHeader = false

    @Option(help: ArgumentHelp("Threads that run queries; all processors if not given.", valueName: "count"))
    var threads: Int?

    @Flag(name: .customLong("no-progress"), help: "Show no progress line.")
    var noProgress = false

    @Flag(help: "Tell the time that each query took.")
    var timer = false

    @OptionGroup var color: ColorOptions

    mutating func validate() throws {
        if let threads, !(1...256).contains(threads) {
            throw ValidationError("--threads takes a number from 1 to 256")
        }
    }

    func runner() -> ScriptRunner {
        let runner = ScriptRunner(session: Session(threads: threads), terminal: color.terminal)
        runner.format = format
        runner.hasHeader = !noHeader
        runner.showsProgress = !noProgress
        runner.showsTime = timer
        return runner
    }
}

/// When to use colours.
struct ColorOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Colours: auto, always or never; NO_COLOR is heeded.", valueName: "when"))
    var color = Terminal.ColorChoice.auto

    var terminal: Terminal { Terminal(color: color) }
}
