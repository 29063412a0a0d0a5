/// A text with a name and a table of its lines. Any bytes are a text; what is not UTF-8 shows as U+FFFD.
package final class SourceText: Sendable {
    /// A file's path, or something like `<shell>`.
    package let name: String
    package let bytes: [UInt8]
    /// Offset of the first byte of each line; never empty. Lines end in LF; a CR before it belongs to the line end.
    private let lineStarts: [Int]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        var starts = [0]
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            starts.append(offset + 1)
        }
        lineStarts = starts
    }

    package convenience init(name: String, _ text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }

    package var lineCount: Int { lineStarts.count }

    /// The text of a span, which is clamped to the source.
    package subscript(span: Span) -> String {
        String(decoding: bytes[clamp(span.start)..<clamp(span.end)], as: UTF8.self)
    }

    /// 1-based line of an offset; offsets beyond the end are on the last line. O(log lines).
    package func line(at offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low + 1
    }

    /// 1-based line, and 1-based column counted in characters as a reader counts them (grapheme clusters; a tab is one).
    package func position(at offset: Int) -> Position {
        let line = line(at: offset)
        let before = self[Span(lineSpan(line).start, Swift.max(offset, 0))]
        return Position(line: line, column: before.count + 1)
    }

    /// The span of a 1-based line without its line end; empty at the end for a line that is not there.
    package func lineSpan(_ line: Int) -> Span {
        guard line >= 1, line <= lineStarts.count else { return Span(bytes.count, bytes.count) }
        let start = lineStarts[line - 1]
        var end = line < lineStarts.count ? lineStarts[line] - 1 : bytes.count
        if line < lineStarts.count, end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return Span(start, end)
    }

    private func clamp(_ offset: Int) -> Int { Swift.min(Swift.max(offset, 0), bytes.count) }

    package struct Position: Hashable, Sendable {
        package let line: Int
        package let column: Int
    }
}

extension SourceText: Equatable {
    package static func == (left: SourceText, right: SourceText) -> Bool {
        left === right || (left.name == right.name && left.bytes == right.bytes)
    }
}
