import ArgumentParser
import Martlet

/// Runs the command line `arguments`, without the program's name, and gives the exit code.
package func runMartlet(_ arguments: [String]) -> Int32 {
    do {
        var command = try RootCommand.parseAsRoot(arguments)
        if let command = command as? any ShellCommand { return try command.execute().code }
        // Help, which is thrown as a message, and commands that only group others.
        try command.run()
        return ExitStatus.success.code
    } catch let error as CommandError {
        let terminal = Terminal()
        writeBestEffort(error.text(colored: terminal.colorsErrors), to: 2)
        return error.status.code
    } catch {
        let isClean = RootCommand.exitCode(for: error) == .success
        writeBestEffort(RootCommand.fullMessage(for: error) + "\n", to: isClean ? 1 : 2)
        return isClean ? ExitStatus.success.code : ExitStatus.usage.code
    }
}

/// A command that does something, as against one that only groups others.
protocol ShellCommand: ParsableCommand {
    func execute() throws(CommandError) -> ExitStatus
}

extension ShellCommand {
    func run() throws {}
}
