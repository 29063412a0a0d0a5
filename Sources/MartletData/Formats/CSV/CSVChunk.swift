import MartletKernels

/// Reads whole records column by column: what is read as numbers and texts in their usual form by kernels, the rest field by
/// field. Text in which anything is wrong or out of the ordinary it leaves to `CSVRows`, which finds out what.
struct CSVChunk: SpanParser {
    let dialect: CSVDialect
    let options: CSVReadOptions
    let cells: [CSVCell]
    /// For each column of the morsel its place in the file.
    let wanted: [Int]

    /// For each column of the file its place in the morsel, or -1.
    let targets: [Int]
    let schema: Schema

    var spans: RecordSpans { RecordSpans(quote: dialect.quote, carriageReturnEnds: true) }
    var maximumRecord: Int { dialect.maximumRecord }

    func makeScratch() -> CSVScratch { CSVScratch() }

    func recordRows(_ input: ByteInput, line: Int) -> any RecordRows { CSVRows(input, self, line: line) }

    /// Whether files of this kind can be read so at all.
    static func canRead(_ dialect: CSVDialect, _ options: CSVReadOptions) -> Bool {
        let special: [UInt8?] = [0, 10, 13]
        guard dialect.isStrict, dialect.escape == dialect.quote, !options.ignoresErrors, options.nulls.count <= 16,
            !special.contains(dialect.separator), !special.contains(dialect.quote)
        else { return false }
        // Kernels would read such words as numbers.
        return options.nulls.allSatisfy { word in
            word.first.map { $0 != dialect.quote && $0 != UInt8(ascii: "-") && !(48...57).contains($0) } ?? true
        }
    }

    func parse(_ span: ByteInput, _ scratch: CSVScratch) -> SpanRows? {
        let base = UnsafePointer(span.bytes)
        let text = UnsafeBufferPointer(start: base, count: span.end)
        guard text.count > 0, text.count <= min(dialect.maximumRecord, Int(Int32.max)) else { return nil }
        let ends = scratch.ends(capacity: text.count + 16)
        ends[0] = .max
        let scan = FieldScan(text, separator: dialect.separator, quote: dialect.quote, ends: ends + 1)
        guard !scan.hasNUL, !scan.hasMisplacedQuote, !scan.endsInQuotes else { return nil }
        if scan.isBeyondASCII, TextCheck.firstFault(text) != nil { return nil }
        var count = scan.count
        var rows = scan.lines
        let last = text[text.count - 1]
        if (last != 10 && last != 13) || ends[count] != UInt32(text.count - 1) {
            // The last record ends with the file.
            count += 1
            rows += 1
            ends[count] = UInt32(text.count)
        }
        guard count == rows * cells.count else { return nil }
        for row in 1..<rows {
            let end = base[Int(ends[row * cells.count])]
            guard end == 10 || end == 13 else { return nil }
        }
        var columns = [Column?](repeating: nil, count: cells.count)
        let isWanted = Set(wanted)
        for position in cells.indices {
            let fields = Fields(base: base, ends: ends, columns: cells.count, column: position, rows: rows)
            if isWanted.contains(position) {
                guard let column = column(fields, cells[position]) else { return nil }
                columns[position] = column
            } else {
                guard check(fields, cells[position], scratch) else { return nil }
            }
        }
        return SpanRows(
            columns: wanted.map { columns[$0] ?? .empty(cells[$0].type) }, count: rows,
            lines: scan.lines + scan.innerLines,
            linesBefore: scan.innerLines == 0
                ? nil : linesBefore(Fields(base: base, ends: ends, columns: cells.count, column: 0, rows: rows)))
    }

    // MARK: One column

    /// The fields of one column.
    private struct Fields {
        let base: UnsafePointer<UInt8>
        /// With one before the first.
        let ends: UnsafePointer<UInt32>
        let columns: Int
        let column: Int
        let rows: Int

        func kernel(_ quote: UInt8?) -> FieldColumn {
            FieldColumn(text: base, ends: ends, columns: columns, column: column, rows: rows, quote: quote)
        }

        subscript(row: Int) -> UnsafeBufferPointer<UInt8> {
            let index = row * columns + column
            let start = Int(ends[index] &+ 1)
            var end = Int(ends[index + 1])
            if column + 1 == columns, end > start, base[end - 1] == 13, base[end] == 10 { end -= 1 }
            return UnsafeBufferPointer(start: base + start, count: end - start)
        }
    }

    /// What a field says, once it is out of its quotes.
    private enum Meaning {
        case null
        case text(UnsafeBufferPointer<UInt8>)
    }

    private func withMeaning<R>(
        _ raw: UnsafeBufferPointer<UInt8>, _ cell: CSVCell, _ body: (Meaning) -> R
    ) -> R {
        let isQuoted = raw.count >= 2 && raw[0] == dialect.quote
        let inner = isQuoted ? UnsafeBufferPointer(rebasing: raw[1..<raw.count - 1]) : raw
        guard !isQuoted || !inner.contains(where: { $0 == dialect.quote }) else {
            return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: inner.count) { output in
                var length = 0
                var index = 0
                while index < inner.count {
                    output[length] = inner[index]
                    length += 1
                    index += inner[index] == dialect.quote ? 2 : 1
                }
                return body(.text(UnsafeBufferPointer(rebasing: output[..<length])))
            }
        }
        if cell.kind == .string {
            return body(!isQuoted && options.isNull(inner) ? .null : .text(inner))
        }
        return body(inner.count == 0 || options.isNull(inner) ? .null : .text(inner))
    }

    private func column(_ fields: Fields, _ cell: CSVCell) -> Column? {
        switch cell.kind {
        case .int:
            return numbers(
                fields, cell, storage: { .ints($0) }, kernel: { $0.ints(from: $1, to: $2, valid: $3) },
                parse: { cell.int($0) })
        case .timestamp:
            return numbers(
                fields, cell, storage: { .ints($0) }, kernel: { $0.dates(from: $1, to: $2, valid: $3) },
                parse: { TimestampText.parse($0) })
        case .float:
            return numbers(
                fields, cell, storage: { .floats($0) }, kernel: { $0.floats(from: $1, to: $2, valid: $3) },
                parse: { cell.float($0) })
        case .string where options.nulls == [[]]: return strings(fields, cell)
        case .string, .bool, .bytes, .json:
            var builder = ColumnBuilder(cell.type)
            builder.reserve(rows: fields.rows)
            for row in 0..<fields.rows {
                let fits = withMeaning(fields[row], cell) { meaning in
                    switch meaning {
                    case .null: builder.appendNull()
                    case .text(let text): return cell.append(text, to: &builder)
                    }
                    return true
                }
                guard fits else { return nil }
            }
            return builder.finish()
        }
    }

    private typealias Kernel<T> = (FieldColumn, Int, UnsafeMutablePointer<T>, UnsafeMutablePointer<UInt64>) -> Int

    /// nil if a field is no such number.
    @inline(__always)
    private func numbers<T>(
        _ fields: Fields, _ cell: CSVCell, storage: ([T]) -> Column.Storage, kernel: Kernel<T>,
        parse: (UnsafeBufferPointer<UInt8>) -> T?
    ) -> Column? {
        var valid = [UInt64](repeating: ~0, count: (fields.rows + 63) / 64)
        var fits = true
        let values = [T](unsafeUninitializedCapacity: fields.rows) { output, count in
            guard let output = output.baseAddress else { return }
            fits = valid.withUnsafeMutableBufferPointer { valid in
                guard let valid = valid.baseAddress else { return true }
                return fill(fields, cell, output, valid, kernel: kernel, parse: parse)
            }
            count = fits ? fields.rows : 0
        }
        guard fits else { return nil }
        return Column(
            type: cell.type, count: fields.rows, validity: Bitmap(words: valid, count: fields.rows).nilIfFull,
            storage: storage(values))
    }

    /// The kernel's rows, and between them those that it leaves; false if one of these is no such number.
    @inline(__always)
    private func fill<T>(
        _ fields: Fields, _ cell: CSVCell, _ output: UnsafeMutablePointer<T>, _ valid: UnsafeMutablePointer<UInt64>,
        kernel: Kernel<T>, parse: (UnsafeBufferPointer<UInt8>) -> T?
    ) -> Bool {
        let column = fields.kernel(dialect.quote)
        var row = kernel(column, 0, output, valid)
        while row < fields.rows {
            let fits = withMeaning(fields[row], cell) { meaning in
                switch meaning {
                case .null: valid[row >> 6] &= ~(1 << UInt64(row & 63))
                case .text(let text):
                    guard let value = parse(text) else { return false }
                    output[row] = value
                }
                return true
            }
            guard fits else { return false }
            row = kernel(column, row + 1, output, valid)
        }
        return true
    }

    private func strings(_ fields: Fields, _ cell: CSVCell) -> Column {
        let column = fields.kernel(dialect.quote)
        var valid = [UInt64](repeating: ~0, count: (fields.rows + 63) / 64)
        var offsets = [Int](repeating: 0, count: fields.rows + 1)
        let bytes = [UInt8](unsafeUninitializedCapacity: column.textCapacity) { output, count in
            guard let output = output.baseAddress else { return }
            offsets.withUnsafeMutableBufferPointer { offsets in
                valid.withUnsafeMutableBufferPointer { valid in
                    guard let offsets = offsets.baseAddress, let valid = valid.baseAddress else { return }
                    var row = column.text(from: 0, offsets: offsets, to: output, valid: valid)
                    while row < fields.rows {
                        withMeaning(fields[row], cell) { meaning in
                            guard case .text(let text) = meaning else { return }
                            _ = UnsafeMutableBufferPointer(start: output + offsets[row], count: text.count)
                                .initialize(from: text)
                            offsets[row + 1] = offsets[row] + text.count
                        }
                        row = column.text(from: row + 1, offsets: offsets, to: output, valid: valid)
                    }
                }
            }
            count = offsets[fields.rows]
        }
        return Column(
            type: cell.type, count: fields.rows, validity: Bitmap(words: valid, count: fields.rows).nilIfFull,
            storage: .bytes(offsets: offsets, bytes: bytes))
    }

    /// Whether all fields of a column that is not wanted are values of it.
    private func check(_ fields: Fields, _ cell: CSVCell, _ scratch: CSVScratch) -> Bool {
        let valid = scratch.valid(rows: fields.rows)
        switch cell.kind {
        case .string: return true
        case .int:
            let output = scratch.values(Int64.self, rows: fields.rows)
            return fill(
                fields, cell, output, valid, kernel: { $0.ints(from: $1, to: $2, valid: $3) },
                parse: { cell.int($0) })
        case .timestamp:
            let output = scratch.values(Int64.self, rows: fields.rows)
            return fill(
                fields, cell, output, valid, kernel: { $0.dates(from: $1, to: $2, valid: $3) },
                parse: { TimestampText.parse($0) })
        case .float:
            let output = scratch.values(Double.self, rows: fields.rows)
            return fill(
                fields, cell, output, valid, kernel: { $0.floats(from: $1, to: $2, valid: $3) },
                parse: { cell.float($0) })
        case .bool, .bytes, .json:
            return (0..<fields.rows).allSatisfy { row in
                withMeaning(fields[row], cell) { meaning in
                    if case .text(let text) = meaning { cell.accepts(text) } else { true }
                }
            }
        }
    }

    /// For each row the lines of those before it.
    private func linesBefore(_ fields: Fields) -> [Int] {
        var result: [Int] = []
        result.reserveCapacity(fields.rows)
        var lines = 0
        for row in 0..<fields.rows {
            result.append(lines)
            let start = Int(fields.ends[row * fields.columns] &+ 1)
            let end = Int(fields.ends[(row + 1) * fields.columns])
            for index in start..<end {
                let byte = fields.base[index]
                if byte == 10 || (byte == 13 && fields.base[index + 1] != 10) { lines += 1 }
            }
            lines += 1
        }
        return result
    }
}
