@preconcurrency import CReadline
import Martlet

/// What keys do beyond readline's own.
extension LineEditor {
    typealias Key = @convention(c) (Int32, Int32) -> Int32

    /// Keys for a text of many lines, in the mode of either editor.
    func bindManyLines() {
        let accept: Key = { _, _ in LineEditor.acceptOrBreak() }
        for name in ["emacs", "vi-insert", "vi-command"] {
            guard let map = rl_get_keymap_by_name(name) else { continue }
            rl_bind_key_in_map(13, accept, map)
            rl_bind_key_in_map(10, accept, map)
        }
        for sequence in ["\\e[A", "\\eOA"] {
            rl_bind_keyseq(sequence) { count, key in
                LineEditor.move(lines: -1) ? 0 : rl_get_previous_history(count, key)
            }
        }
        for sequence in ["\\e[B", "\\eOB"] {
            rl_bind_keyseq(sequence) { count, key in
                LineEditor.move(lines: 1) ? 0 : rl_get_next_history(count, key)
            }
        }
        for sequence in ["\\C-a", "\\e[H", "\\eOH", "\\e[1~"] {
            rl_bind_keyseq(sequence) { _, _ in
                rl_point = Int32(LineEditor.lineBounds(around: Int(rl_point)).lowerBound)
                return 0
            }
        }
        for sequence in ["\\C-e", "\\e[F", "\\eOF", "\\e[4~"] {
            rl_bind_keyseq(sequence) { _, _ in
                rl_point = Int32(LineEditor.lineBounds(around: Int(rl_point)).upperBound)
                return 0
            }
        }
        for sequence in ["\\C-l", "\\e\\C-l"] {
            rl_bind_keyseq(sequence) { _, _ in
                LineEditor.drawing?.clear()
                return 0
            }
        }
    }

    func bindCompletion() {
        let complete: Key = { _, _ in LineEditor.completeWord() }
        for name in ["emacs", "vi-insert"] { rl_bind_key_in_map(9, complete, rl_get_keymap_by_name(name)) }
        for sequence in ["\\e?", "\\e=", "\\e*"] { rl_bind_keyseq(sequence, complete) }
    }

    // MARK: Lines

    /// Return: runs the text if it is finished, else begins a line at the cursor.
    private static func acceptOrBreak() -> Int32 {
        guard questions.isFinished(text) else {
            rl_insert_text("\n")
            return 0
        }
        rl_deactivate_mark()
        drawing?.finish()
        rl_done = 1
        return 0
    }

    private static var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: rl_line_buffer, count: Int(rl_end))
    }

    /// Bytes of the line that the byte `place` stands in, without its end.
    private static func lineBounds(around place: Int) -> Range<Int> {
        let bytes = Self.bytes
        let newline = UInt8(ascii: "\n")
        let start = bytes[..<place].lastIndex(of: newline).map { $0 + 1 } ?? 0
        return start..<(bytes[place...].firstIndex(of: newline) ?? bytes.count)
    }

    /// Moves the cursor up or down a line, to the letter of the same number; false if there is none.
    private static func move(lines: Int) -> Bool {
        let here = lineBounds(around: Int(rl_point))
        guard lines < 0 ? here.lowerBound > 0 : here.upperBound < bytes.count else { return false }
        let there = lineBounds(around: lines < 0 ? here.lowerBound - 1 : here.upperBound + 1)
        let letters = String(decoding: bytes[here.lowerBound..<Int(rl_point)], as: UTF8.self).count
        let target = String(decoding: bytes[there], as: UTF8.self)
        rl_point = Int32(min(there.upperBound, there.lowerBound + target.prefix(letters).utf8.count))
        return true
    }

    // MARK: Completion

    /// Inserts what all candidates have in common; lists them where that is nothing new.
    private static func completeWord() -> Int32 {
        let cursor = Int(rl_point)
        let completion = questions.complete(text, cursor)
        guard completion.start <= cursor, let first = completion.candidates.first else { return rl_ding() }
        let typed = String(decoding: bytes[completion.start..<cursor], as: UTF8.self)
        if completion.candidates.count == 1 {
            let rest = bytes[cursor...]
            replace(
                completion.start..<cursor,
                with: !first.suffix.isEmpty && rest.starts(with: first.suffix.utf8) ? first.text : first.inserted)
        } else if completion.commonBeginning.utf8.count > typed.utf8.count {
            replace(completion.start..<cursor, with: completion.commonBeginning)
        } else {
            list(completion)
        }
        return 0
    }

    private static func replace(_ range: Range<Int>, with text: String) {
        rl_begin_undo_group()
        rl_delete_text(Int32(range.lowerBound), Int32(range.upperBound))
        rl_point = Int32(range.lowerBound)
        rl_insert_text(text)
        rl_end_undo_group()
    }

    private static func list(_ completion: Completion) {
        let descriptor = fileno(rl_outstream)
        if let drawing { drawing.leave() } else { rl_crlf() }
        fflush(rl_outstream)
        writeBestEffort(
            CandidateList(completion).text(
                width: Terminal.width(of: descriptor), height: Terminal.height(of: descriptor)), to: descriptor)
        if let drawing { drawing.isStale = true } else { rl_forced_update_display() }
    }
}
