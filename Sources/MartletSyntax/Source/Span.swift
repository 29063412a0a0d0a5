/// A half-open range of UTF-8 byte offsets into one `SourceText`.
///
/// A span says nothing about which text it belongs to; whoever stores a span beyond one script stores its text too.
package struct Span: Hashable, Sendable {
    package var start: Int
    package var end: Int

    /// An end before the start is taken as an empty span at the start.
    package init(_ start: Int, _ end: Int) {
        self.start = start
        self.end = Swift.max(start, end)
    }

    /// The span of a node that no text stands behind.
    package static let none = Span(0, 0)

    package var isEmpty: Bool { start == end }
    package var length: Int { end - start }

    /// The smallest span that holds both.
    package func union(_ other: Span) -> Span {
        Span(Swift.min(start, other.start), Swift.max(end, other.end))
    }

    package func contains(_ offset: Int) -> Bool { start <= offset && offset < end }
}
