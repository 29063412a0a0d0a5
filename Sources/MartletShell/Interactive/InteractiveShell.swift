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
    private let runner: ScriptRunner
    /// Lines of the statement that is not finished.
    private var pending = ""
    private var hasLeft = false

    private static let prompt = "martlet> "
    private static let continuation = "    ...> "

    init(_ runner: ScriptRunner) { self.runner = runner }

    func run() -> ExitStatus {
        isatty(0) == 1 ? converse() : runPiped()
    }

    // MARK: With a terminal

    private func converse() -> ExitStatus {
        Interrupts.shared.install(interactive: true)
        let editor = LineEditor(history: HistoryFile()) { [unowned self] line, cursor in
            complete(line, cursor: cursor)
        }
        writeBestEffort(
            "Martlet \(martletVersion). Statements end with ;  Type .help for help, .exit to leave.\n", to: 2)
        while !hasLeft {
            switch editor.read(prompt: pending.isEmpty ? Self.prompt : Self.continuation) {
            case .line(let line): take(line, editor)
            case .interrupted: pending = ""
            case .end:
                if pending.isEmpty { hasLeft = true }
                pending = ""
            }
        }
        return .success
    }

    private func take(_ line: String, _ editor: LineEditor) {
        if pending.isEmpty, Session.isBlank(line), !line.contains("--") { return }
        if pending.isEmpty, let status = obey(line) {
            editor.remember(line)
            _ = status
            return
        }
        pending += pending.isEmpty ? line : "\n" + line
        guard Session.isComplete(pending) else { return }
        let text = pending
        pending = ""
        for entry in HistoryEntry.entries(text) { editor.remember(entry) }
        _ = runner.run(text, name: "shell")
    }

    /// Carries out a dot-command; nil if the line is none.
    private func obey(_ line: String) -> ExitStatus? {
        do throws(CommandError) {
            guard let command = try DotCommand(line) else { return nil }
            switch command {
            case .help: writeBestEffort(DotCommand.helpText, to: 1)
            case .exit: hasLeft = true
            case .mode(let format): runner.format = format
            case .timer(let isOn): runner.showsTime = isOn
            case .read(let path):
                let script = try ScriptFile(path)
                return runner.run(script.text, name: script.name)
            }
            return .success
        } catch {
            return runner.report(error)
        }
    }

    private func complete(_ line: String, cursor: Int) -> Completion {
        let before = pending.isEmpty ? "" : pending + "\n"
        if before.isEmpty, line.hasPrefix("."), !line.utf8.prefix(cursor).contains(UInt8(ascii: " ")) {
            let typed = String(decoding: Array(line.utf8.prefix(cursor)), as: UTF8.self)
            let names = DotCommand.names.filter { $0.hasPrefix(typed) }
            return Completion(start: 0, candidates: names.map { Completion.Candidate($0, suffix: " ") })
        }
        let offset = before.utf8.count
        var completion = runner.session.complete(before + line, cursor: offset + cursor)
        if let path = completion.path { return .path(path, start: completion.start - offset) }
        completion.start -= offset
        return completion
    }

    // MARK: Without a terminal

    private func runPiped() -> ExitStatus {
        Interrupts.shared.install(interactive: false)
        // Lines that have been run stand as empty lines before the next statement, so that messages name the right line.
        var finished = 0
        var lines = 0
        while let line = readLine(strippingNewline: true) {
            lines += 1
            if pending.isEmpty, let status = obey(line) {
                finished = lines
                if status != .success || hasLeft { return status }
                continue
            }
            pending += pending.isEmpty ? line : "\n" + line
            if Session.isComplete(pending) {
                let status = flush(after: finished)
                finished = lines
                if status != .success { return status }
            }
        }
        return flush(after: finished)
    }

    private func flush(after lines: Int) -> ExitStatus {
        defer { pending = "" }
        guard !Session.isBlank(pending) else { return .success }
        return runner.run(String(repeating: "\n", count: lines) + pending, name: "standard input")
    }
}
