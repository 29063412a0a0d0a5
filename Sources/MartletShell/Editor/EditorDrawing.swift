@preconcurrency import CReadline
import Martlet

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Draws what readline holds: in its place, because readline knows neither colours nor prompts of further lines.
final class EditorDrawing {
    private let descriptor: Int32
    private let isColored: Bool
    private var screen = EditorScreen()
    /// Whether readline has asked for a redraw since the last one.
    var isStale = false
    private var lastDrawn = 0.0

    /// Longer texts have no colours, so that typing stays quick.
    private static let colorLimit = 200_000
    /// While keys keep coming, such as those of a text that is pasted, the screen waits for this many seconds at most.
    private static let longestWait = 0.2

    init(descriptor: Int32, isColored: Bool) {
        self.descriptor = descriptor
        self.isColored = isColored
    }

    /// Draws if there is something new and no further key waits.
    func refresh() {
        guard isStale else { return }
        var poller = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        if poll(&poller, 1, 0) > 0, monotonicSeconds() - lastDrawn < Self.longestWait { return }
        isStale = false
        lastDrawn = monotonicSeconds()
        put(screen.show(frame(cursor: Int(rl_point)), width: width, height: height))
    }

    /// Draws the text a last time, and leaves the cursor below it.
    func finish() {
        isStale = false
        put(screen.finish(frame(cursor: Int(rl_end)), width: width, height: height))
    }

    /// Leaves what is drawn, for other output below it.
    func leave() { put(screen.leave()) }

    /// Clears the whole screen; the text is drawn at its top.
    func clear() {
        screen = EditorScreen()
        put("\u{1B}[H\u{1B}[2J")
        isStale = true
    }

    private var width: Int { Terminal.width(of: descriptor) }
    private var height: Int { Terminal.height(of: descriptor) }

    private func frame(cursor: Int) -> EditorFrame {
        let bytes = UnsafeRawBufferPointer(start: rl_line_buffer, count: Int(rl_end))
        let text = String(decoding: bytes, as: UTF8.self)
        // Bytes that are no UTF-8 are shown as other, longer ones.
        let before = String(decoding: bytes.prefix(cursor), as: UTF8.self)
        return EditorFrame(
            // Readline's, which is another one during a search.
            prompt: rl_display_prompt.map { String(cString: $0) } ?? "", continuation: LineEditor.continuation,
            text: text, cursor: before.utf8.count,
            highlighting: isColored && text.utf8.count <= Self.colorLimit ? Highlighting(text) : nil, width: width)
    }

    private func put(_ text: String) {
        // Readline's own words, such as those that switch bracketed paste on, come first.
        fflush(rl_outstream)
        writeBestEffort(text, to: descriptor)
    }
}
