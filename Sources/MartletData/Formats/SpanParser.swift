/// Reads spans of whole records, on any thread.
protocol SpanParser: Sendable {
    associatedtype Scratch: AnyObject
    /// How text is cut into spans.
    var spans: RecordSpans { get }
    /// Longest record, in bytes.
    var maximumRecord: Int { get }
    var schema: Schema { get }

    /// Memory for one span after the other.
    func makeScratch() -> Scratch
    /// The rows of a span; nil if there is anything that only reading record by record tells.
    func parse(_ span: ByteInput, _ scratch: Scratch) -> SpanRows?
    /// A reader of the same, record by record, of which the first starts at `line`.
    func recordRows(_ input: ByteInput, line: Int) -> any RecordRows
}

/// The rows of a span.
struct SpanRows {
    var columns: [Column]
    var count: Int
    /// Lines of the text.
    var lines: Int
    /// For each row the lines before its own; nil if rows are lines.
    var linesBefore: [Int]?
}

/// Reads record by record.
protocol RecordRows: AnyObject {
    /// At most `rows` rows; nil at the end. After an error `takePartial` has the rows before it.
    func nextMorsel(rows: Int, ordinal: Int64) throws -> Morsel?
    /// The rows that were read before an error, once.
    func takePartial() -> Morsel?
    /// Where in the input the next record starts, and the lines before it.
    var rest: (position: Int, lines: Int) { get }
}
