@preconcurrency import CReadline
import Martlet

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads lines from the terminal with readline. There is one terminal, so there is one editor, on one thread.
final class LineEditor {
    enum Event: Equatable {
        case line(String)
        /// Ctrl-C.
        case interrupted
        /// Ctrl-D on an empty line, or the terminal is gone.
        case end
    }

    /// Candidates for the word that ends at a byte of the line.
    typealias Completer = (_ line: String, _ cursor: Int) -> Completion

    /// What readline's callbacks, which are C functions, can reach.
    private nonisolated(unsafe) static var received: Event?
    private nonisolated(unsafe) static var completer: Completer?
    private nonisolated(unsafe) static var completion = Completion(start: 0, candidates: [])

    private let history: HistoryFile?

    init(history: HistoryFile?, completer: @escaping Completer) {
        self.history = history
        Self.completer = completer
        chooseUTF8()
        rl_catch_signals = 0
        rl_readline_name = UnsafePointer(strdup("martlet"))
        // Prompts do not go into a file that results are written to.
        if isatty(1) == 0 { rl_outstream = stderr }
        rl_attempted_completion_function = { _, start, end in LineEditor.attempt(Int(start), Int(end)) }
        // Else readline adds a quote to every candidate, to folders too.
        rl_basic_quote_characters = UnsafePointer(strdup(""))
        rl_completion_word_break_hook = { LineEditor.wordBreaks() }
        using_history()
        history?.load()
    }

    /// The next line, without its end.
    func read(prompt: String) -> Event {
        Self.received = nil
        rl_callback_handler_install(prompt) { line in
            guard let line else {
                LineEditor.received = .end
                rl_callback_handler_remove()
                return
            }
            LineEditor.received = .line(String(cString: line))
            free(line)
            rl_callback_handler_remove()
        }
        while Self.received == nil {
            var pollers = [
                pollfd(fd: 0, events: Int16(POLLIN), revents: 0),
                pollfd(fd: Interrupts.shared.promptDescriptor, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&pollers, 2, -1)
            if count < 0, errno != EINTR { return abandon(.end) }
            if count > 0, pollers[1].revents != 0, let signal = Interrupts.shared.takePromptSignal() {
                return abandon(signal == SIGINT ? .interrupted : .end)
            }
            if count > 0, pollers[0].revents != 0 { rl_callback_read_char() }
        }
        return Self.received ?? .end
    }

    /// Remembers a statement, here and in the file.
    func remember(_ text: String) {
        add_history(text)
        history?.append()
    }

    private func abandon(_ event: Event) -> Event {
        rl_free_line_state()
        rl_callback_sigcleanup()
        rl_callback_handler_remove()
        writeBestEffort("\n", to: isatty(1) == 1 ? 1 : 2)
        return event
    }

    /// Readline takes letters as the locale says; where that is not UTF-8, as in many containers, they would fall apart.
    private func chooseUTF8() {
        setlocale(LC_CTYPE, "")
        guard let codeset = nl_langinfo(nl_item(CODESET)), String(cString: codeset) != "UTF-8" else { return }
        if setlocale(LC_CTYPE, "C.UTF-8") == nil { setlocale(LC_CTYPE, "en_US.UTF-8") }
    }

    // MARK: Completion

    private static var line: String { rl_line_buffer.map { String(cString: $0) } ?? "" }

    /// Everything that is no part of the word that is completed; readline looks for the word's start by it.
    private static func wordBreaks() -> UnsafeMutablePointer<CChar>? {
        completion = completer?(line, Int(rl_point)) ?? Completion(start: 0, candidates: [])
        return breaks(completion.isPath)
    }

    private nonisolated(unsafe) static let codeBreaks = strdup(" \t\n\"'`@><=;|&{}()[],+-*/%!?:")
    private nonisolated(unsafe) static let pathBreaks = strdup("'")

    private static func breaks(_ isPath: Bool) -> UnsafeMutablePointer<CChar>? { isPath ? pathBreaks : codeBreaks }

    /// The only candidate with what follows it, unless that is there already.
    private static func single(_ candidate: Completion.Candidate) -> String {
        let rest = line.utf8.dropFirst(Int(rl_point))
        return !candidate.suffix.isEmpty && rest.starts(with: candidate.suffix.utf8)
            ? candidate.text : candidate.inserted
    }

    /// The matches as readline wants them: the common beginning first, then all of them, then nil.
    private static func attempt(_ start: Int, _ end: Int) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
        rl_attempted_completion_over = 1
        rl_completion_append_character = 0
        rl_completion_suppress_append = 1
        rl_completion_suppress_quote = 1
        completion = completer?(line, end) ?? completion
        guard completion.start == start, !completion.candidates.isEmpty else { return nil }
        // Of many files only the last parts are listed.
        rl_filename_completion_desired = completion.isPath && completion.candidates.count > 1 ? 1 : 0
        let only = completion.candidates.count == 1 ? single(completion.candidates[0]) : nil
        var matches = [only ?? completion.commonBeginning]
        if only == nil { matches += completion.candidates.map(\.text) }
        guard let list = calloc(matches.count + 1, MemoryLayout<UnsafeMutablePointer<CChar>?>.stride) else {
            return nil
        }
        let pointers = list.bindMemory(to: UnsafeMutablePointer<CChar>?.self, capacity: matches.count + 1)
        for (index, match) in matches.enumerated() { pointers[index] = strdup(match) }
        return pointers
    }
}
