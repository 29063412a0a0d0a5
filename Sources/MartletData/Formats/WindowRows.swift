import MartletSupport

/// Reads the rows of one file in windows, whose spans are parsed side by side, or record by record where the parser leaves one.
final class WindowRows<Parser: SpanParser>: FileRows {
    private let input: ByteInput
    private let parser: Parser
    private let pool: ThreadPool?
    private let start: Int
    /// Lines before the input's position.
    private var lines: Int
    private var scratch: [Parser.Scratch] = []
    private var bytesPerRow: Double
    /// What ended the rows: thrown once those before it were given.
    private var failure: (any Error)?

    let skipped = SkippedRows()
    var bytesRead: Int { input.offset - start }

    /// `input` stands at a row, behind `lines` lines; the file began at its offset `start`.
    init(_ input: ByteInput, start: Int, lines: Int, _ parser: Parser, rowBytes: Int, pool: ThreadPool?) {
        self.input = input
        self.start = start
        self.lines = lines
        self.parser = parser
        self.pool = pool
        bytesPerRow = Double(max(1, rowBytes))
    }

    func next(rows: Int, ordinal: Int64) throws -> [Morsel] {
        if let failure { throw failure }
        var wanted = max(
            WindowSize.leastWindow, Int(min(Double(rows) * bytesPerRow, Double(FileSequence.maximumBytes))))
        while true {
            try input.fillWindow(wanted, pool: pool)
            let available = min(input.end - input.position, wanted)
            guard available > 0 else { return [] }
            let isLast = input.isAtEnd && input.position + available == input.end
            let text = UnsafeBufferPointer(start: UnsafePointer(input.bytes + input.position), count: available)
            let found = parser.spans.cut(text, parts: parts(available), isAtEnd: isLast, pool: pool)
            guard let end = found.last?.upperBound else {
                guard available <= parser.maximumRecord else {
                    // Reading record by record tells why there is no end in sight.
                    let morsels = careful(input, ordinal)
                    if morsels.isEmpty, let failure { throw failure }
                    return morsels
                }
                wanted = available * 2
                continue
            }
            let morsels = read(found, ordinal)
            input.position += end
            let count = morsels.reduce(0) { $0 + $1.rowCount }
            if count > 0 { bytesPerRow = Double(end) / Double(count) }
            if count > 0 { return morsels }
            if let failure { throw failure }
        }
    }

    private func parts(_ bytes: Int) -> Int {
        let threads = pool?.threadCount ?? 1
        let size = min(WindowSize.largestSpan, max(WindowSize.leastSpan, bytes / (threads * 4)))
        return max(1, (bytes + size - 1) / size)
    }

    /// The rows of the spans, up to the first error.
    private func read(_ found: [Range<Int>], _ ordinal: Int64) -> [Morsel] {
        while scratch.count < found.count { scratch.append(parser.makeScratch()) }
        let work = SpanWork(rows: self, spans: found, results: .allocate(capacity: found.count))
        work.results.initialize(repeating: nil, count: found.count)
        defer {
            work.results.deinitialize(count: found.count)
            work.results.deallocate()
        }
        if let pool, found.count > 1 {
            pool.parallelFor(found.count) { work.read($0) }
        } else {
            for index in found.indices { work.read(index) }
        }
        var ordinal = ordinal
        var morsels: [Morsel] = []
        for (index, range) in found.enumerated() {
            let new: [Morsel]
            if let result = work.results[index] {
                new = [morsel(result, ordinal)]
                lines += result.lines
            } else {
                new = careful(ByteInput(range, of: input), ordinal)
            }
            morsels += new
            ordinal += new.reduce(0) { $0 + Int64($1.rowCount) }
            if failure != nil { break }
        }
        return morsels
    }

    private struct SpanWork: @unchecked Sendable {
        let rows: WindowRows
        let spans: [Range<Int>]
        let results: UnsafeMutablePointer<SpanRows?>

        /// Each span has memory and a place for its result of its own.
        func read(_ index: Int) {
            results[index] = rows.parser.parse(ByteInput(spans[index], of: rows.input), rows.scratch[index])
        }
    }

    private func morsel(_ rows: SpanRows, _ ordinal: Int64) -> Morsel {
        let first = RowPlace(source: 0, line: Int64(lines + 1), ordinal: ordinal)
        let origins: RowOrigins
        if let before = rows.linesBefore {
            let places = before.enumerated().map { row, line in
                RowPlace(source: 0, line: first.line + Int64(line), ordinal: ordinal + Int64(row))
            }
            origins = RowOrigins(sources: [input.name], places: places)
        } else {
            origins = RowOrigins(sources: [input.name], first: first, count: rows.count)
        }
        return Morsel(schema: parser.schema, columns: rows.columns, rowCount: rows.count, origins: origins)
    }

    /// All rows of an input, record by record. An error is kept until the rows before it were given.
    private func careful(_ source: ByteInput, _ ordinal: Int64) -> [Morsel] {
        let rows = parser.recordRows(source, line: lines + 1)
        var morsels: [Morsel] = []
        var next = ordinal
        do {
            while let morsel = try rows.nextMorsel(rows: .max, ordinal: next) {
                morsels.append(morsel)
                next += Int64(morsel.rowCount)
            }
        } catch {
            failure = error
            if let partial = rows.takePartial() { morsels.append(partial) }
        }
        (source.position, lines) = rows.rest
        return morsels
    }
}

/// Sizes in bytes.
private enum WindowSize {
    static let leastWindow = 1 << 16
    static let leastSpan = 1 << 16
    static let largestSpan = 1 << 19
}
