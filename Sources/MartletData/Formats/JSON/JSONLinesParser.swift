/// Parses spans of JSON Lines, a line after the other.
struct JSONLinesParser: SpanParser {
    let options: JSONReadOptions
    let source: Schema
    let takesAnything: [Bool]
    /// For each column of the morsel its place in the source.
    let wanted: [Int]
    let sampledRows: Int
    let schema: Schema

    /// Nothing is kept from span to span.
    final class Scratch {}

    var spans: RecordSpans { RecordSpans(quote: nil, carriageReturnEnds: false) }
    var maximumRecord: Int { options.maximumRecord }

    func makeScratch() -> Scratch { Scratch() }

    func recordRows(_ input: ByteInput, line: Int) -> any RecordRows { rows(input, line: line) }

    func parse(_ span: ByteInput, _ scratch: Scratch) -> SpanRows? { rows(span, line: 1).readSpan() }

    private func rows(_ input: ByteInput, line: Int) -> JSONRows {
        JSONRows(
            JSONRecords(input, lineByLineFrom: line, limit: options.maximumRecord), options, source: source,
            takesAnything: takesAnything, wanted: wanted, sampledRows: sampledRows)
    }
}
