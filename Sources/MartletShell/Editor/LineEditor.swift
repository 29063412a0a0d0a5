@preconcurrency import CReadline
import Martlet

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads statements from the terminal. Readline does the keys, the history and its search; what is on the screen is drawn here,
/// with colours and over many lines, unless the terminal is dumb: then readline draws single lines.
///
/// There is one terminal, so there is one editor, on one thread.
final class LineEditor {
    enum Event: Equatable {
        case text(String)
        /// Ctrl-C.
        case interrupted
        /// Ctrl-D on an empty line, or the terminal is gone.
        case end
    }

    /// What the editor asks of the shell.
    struct Questions {
        /// Candidates for the word that ends at a byte of the text.
        var complete: (_ text: String, _ cursor: Int) -> Completion
        /// Whether Return runs the text; else it begins another line.
        var isFinished: (_ text: String) -> Bool
    }

    static let prompt = "martlet> "
    static let continuation = "    ...> "

    /// What readline's callbacks, which are C functions, can reach.
    nonisolated(unsafe) static var received: Event?
    nonisolated(unsafe) static var questions = Questions(
        complete: { _, cursor in Completion(start: cursor, candidates: []) }, isFinished: { _ in true })
    /// nil where readline draws.
    nonisolated(unsafe) static var drawing: EditorDrawing?

    /// Whether a text may have many lines; else each line is an event of its own.
    var takesManyLines: Bool { Self.drawing != nil }

    private let history: HistoryFile?
    private var lastEntry: String?

    init(terminal: Terminal, history: HistoryFile?, questions: Questions) {
        self.history = history
        Self.questions = questions
        chooseUTF8()
        rl_catch_signals = 0
        rl_catch_sigwinch = 0
        rl_change_environment = 0
        rl_readline_name = UnsafePointer(strdup("martlet"))
        // Prompts do not go into a file that results are written to.
        let descriptor: Int32 = terminal.outputIsTerminal ? 1 : 2
        if descriptor == 2 { rl_outstream = stderr }
        rl_initialize()
        bindCompletion()
        if terminal.movesCursor, terminal.outputIsTerminal || terminal.errorIsTerminal {
            Self.drawing = EditorDrawing(
                descriptor: descriptor,
                isColored: terminal.outputIsTerminal ? terminal.colorsOutput : terminal.colorsErrors)
            rl_redisplay_function = { LineEditor.drawing?.isStale = true }
            bindManyLines()
        }
        using_history()
        stifle_history(Int32(HistoryFile.limit))
        for entry in history?.load() ?? [] {
            add_history(entry)
            lastEntry = entry
        }
    }

    /// The next text, without the end of its last line. `isContinued`: the line goes on with a statement.
    func read(isContinued: Bool = false) -> Event {
        Self.received = nil
        rl_reset_screen_size()
        rl_callback_handler_install(isContinued ? Self.continuation : Self.prompt) { line in
            if line == nil { LineEditor.drawing?.leave() }
            LineEditor.received = line.map { .text(String(cString: $0)) } ?? .end
            free(line)
            rl_callback_handler_remove()
        }
        while Self.received == nil {
            Self.drawing?.refresh()
            var pollers = [
                pollfd(fd: 0, events: Int16(POLLIN), revents: 0),
                pollfd(fd: Interrupts.shared.promptDescriptor, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&pollers, 2, -1)
            if count < 0, errno != EINTR { return abandon(.end) }
            if count > 0, pollers[1].revents != 0, let signal = Interrupts.shared.takePromptSignal() {
                switch signal {
                case SIGINT: return abandon(.interrupted)
                case SIGWINCH: Self.drawing == nil ? rl_resize_terminal() : rl_reset_screen_size()
                case SIGTSTP: suspend()
                default: return abandon(.end)
                }
                Self.drawing?.isStale = true
                continue
            }
            if count > 0, pollers[0].revents != 0 { rl_callback_read_char() }
        }
        return Self.received ?? .end
    }

    /// Remembers a text, here and in the file.
    func remember(_ text: String) {
        guard text != lastEntry else { return }
        lastEntry = text
        add_history(text)
        history?.append(text)
    }

    /// The text that is being typed.
    static var text: String { rl_line_buffer.map { String(cString: $0) } ?? "" }

    private func abandon(_ event: Event) -> Event {
        rl_free_line_state()
        rl_callback_sigcleanup()
        Self.drawing?.finish()
        rl_callback_handler_remove()
        if Self.drawing == nil { writeBestEffort("\n", to: isatty(1) == 1 ? 1 : 2) }
        return event
    }

    /// Ctrl-Z: gives the terminal back as it was found until the shell is continued.
    private func suspend() {
        Self.drawing?.leave()
        rl_deprep_terminal()
        kill(getpid(), SIGSTOP)
        rl_prep_terminal(1)
        if Self.drawing == nil { rl_forced_update_display() }
    }

    /// Readline takes letters as the locale says; where that is not UTF-8, as in many containers, they would fall apart.
    private func chooseUTF8() {
        setlocale(LC_CTYPE, "")
        guard let codeset = nl_langinfo(nl_item(CODESET)), String(cString: codeset) != "UTF-8" else { return }
        if setlocale(LC_CTYPE, "C.UTF-8") == nil { setlocale(LC_CTYPE, "en_US.UTF-8") }
    }
}
