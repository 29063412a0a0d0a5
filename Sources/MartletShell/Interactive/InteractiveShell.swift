import Martlet

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads statements, runs them, and goes on after errors. Without a terminal it runs what standard input says, without prompts,
/// up to the first error.
final class InteractiveShell {
    let runner: ScriptRunner
    private let readsStartup: Bool
    private var hasLeft = false

    /// - Parameter readsStartup: whether `~/.martletrc` is run first; only for people.
    init(_ runner: ScriptRunner, readsStartup: Bool) {
        self.runner = runner
        self.readsStartup = readsStartup
    }

    func run() -> ExitStatus {
        isatty(0) == 1 ? converse() : runPiped()
    }

    // MARK: With a terminal

    private func converse() -> ExitStatus {
        Interrupts.shared.install(interactive: true)
        runner.keepsResults = true
        runner.pages = true
        if readsStartup { runStartup() }
        let editor = LineEditor(
            terminal: runner.terminal, history: HistoryFile(),
            questions: LineEditor.Questions(
                complete: { [unowned self] in
                    ShellCompletion(session: runner.session).complete($0, cursor: $1, after: typed)
                }, isFinished: StatementFeed.isFinished))
        if !hasLeft {
            writeBestEffort("Martlet \(martletVersion). Type .help for help, .exit or Ctrl-D to leave.\n", to: 2)
        }
        var feed = StatementFeed(endsAtEmptyLine: true)
        while !hasLeft {
            switch editor.read(isContinued: feed.isPending) {
            case .text(let text) where editor.takesManyLines:
                let text = withoutLastLineEnds(text)
                guard !text.isEmpty else { continue }
                editor.remember(text)
                run(text)
                if end != .success { hasLeft = true }
            case .text(let line):
                typed += feed.isPending ? "\n" + line : line
                let entry = feed.take(line)
                guard !feed.isPending else { continue }
                if entry != nil {
                    let text = withoutLastLineEnds(typed)
                    editor.remember(text)
                    run(text)
                    if end != .success { hasLeft = true }
                }
                typed = ""
            case .interrupted:
                feed.drop()
                typed = ""
            case .end:
                if !feed.isPending { hasLeft = true }
                feed.drop()
                typed = ""
            }
        }
        runner.output.close()
        return end
    }

    /// How the shell ends: by a signal other than Ctrl-C even while a query runs.
    private var end: ExitStatus {
        guard let signal = Interrupts.shared.pendingSignal, signal != SIGINT else { return .success }
        return .interrupted(signal)
    }

    /// Lines of the statement that is not finished, where each line is read by itself.
    private var typed = ""

    private func withoutLastLineEnds(_ text: String) -> String {
        var text = text[...]
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }

    /// Runs what was typed, one statement after the other, so that each finds the result of the one before as `_`.
    private func run(_ text: String) {
        if StatementFeed.isCommand(text) {
            _ = obey(text)
            return
        }
        for statement in Session.statements(text) {
            guard runner.run(statement, name: "shell") == .success else { return }
        }
    }

    // MARK: Commands

    private func obey(_ line: String) -> ExitStatus {
        do throws(CommandError) {
            guard let command = try DotCommand(line) else { return .success }
            switch command {
            case .help(nil): writeBestEffort(HelpText.all, to: 2)
            case .help(let name?): writeBestEffort(try HelpText.about(name), to: 2)
            case .exit: hasLeft = true
            case .mode(let format): runner.format = format
            case .timer(let isOn): runner.showsTime = isOn
            case .pager(let isOn): runner.pages = isOn
            case .width(let columns): runner.width = columns
            case .output(let path): try runner.output.redirect(to: path)
            case .explain(.always(let explaining)): runner.explains = explaining
            case .explain(.query(let query)): return runner.run("explain \(query)", name: "shell")
            case .statement(let text): return runner.run(text, name: "shell", keepsResults: false)
            case .read(let path):
                let script = try ScriptFile(path)
                return runner.run(script.text, name: script.name)
            }
            return .success
        } catch {
            return runner.report(error)
        }
    }

    // MARK: Startup

    /// Runs `~/.martletrc`. Errors in it are told with their place and keep nobody from working.
    private func runStartup() {
        guard let home = environmentVariable("HOME") else { return }
        let path = home + "/.martletrc"
        guard access(path, F_OK) == 0 else { return }
        do throws(CommandError) {
            let script = try ScriptFile(path)
            feed(
                script.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init), path)
        } catch {
            _ = runner.report(error)
        }
    }

    /// Runs lines, errors or not.
    private func feed(_ lines: [String], _ name: String) {
        var feed = StatementFeed()
        var number = 0
        func take(_ entry: StatementFeed.Entry?) {
            switch entry {
            case nil: return
            case .statement(let text)?: _ = runner.run(text, name: name)
            case .command(let line)?:
                if obey(line) != .success { writeBestEffort("  in \(name), line \(number)\n", to: 2) }
            }
        }
        for line in lines where !hasLeft {
            number += 1
            take(feed.take(line))
        }
        if !hasLeft { take(feed.flush()) }
    }

    // MARK: Without a terminal

    private func runPiped() -> ExitStatus {
        Interrupts.shared.install(interactive: false)
        defer { runner.output.close() }
        var feed = StatementFeed()
        while let line = readLine(strippingNewline: true) {
            if let entry = feed.take(line) {
                let status = run(entry)
                if status != .success || hasLeft { return status }
            }
        }
        return feed.flush().map(run) ?? .success
    }

    private func run(_ entry: StatementFeed.Entry) -> ExitStatus {
        switch entry {
        case .command(let line): obey(line)
        case .statement(let text): runner.run(text, name: "standard input")
        }
    }
}
