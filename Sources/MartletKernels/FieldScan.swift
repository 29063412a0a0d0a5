import CMartletKernels

/// Where the fields of separated text end, found 64 bytes at a time.
package struct FieldScan {
    /// Places of the separators and line ends outside quotes.
    package let count: Int
    /// Ends of records.
    package let lines: Int
    /// Line ends inside quotes.
    package let innerLines: Int
    private let flags: UInt32

    package var hasNUL: Bool { flags & UInt32(MK_TEXT_NUL) != 0 }
    /// Bytes that are not ASCII: the caller checks that they are UTF-8.
    package var isBeyondASCII: Bool { flags & UInt32(MK_TEXT_HIGH) != 0 }
    /// A quote inside a field without quotes, or text behind a closing quote.
    package var hasMisplacedQuote: Bool { flags & UInt32(MK_TEXT_MISPLACED) != 0 }
    /// The text ends inside quotes.
    package var endsInQuotes: Bool { flags & UInt32(MK_TEXT_OPEN) != 0 }

    /// Scans `text`, which starts outside quotes and has less than 2³² bytes. Quotes are doubled inside quotes. `ends` has
    /// room for eight places more than there are bytes.
    package init(
        _ text: UnsafeBufferPointer<UInt8>, separator: UInt8, quote: UInt8?, ends: UnsafeMutablePointer<UInt32>
    ) {
        var facts = mk_field_facts()
        count =
            text.baseAddress.map {
                mk_scan_fields($0, text.count, separator, quote.map { Int32($0) } ?? -1, ends, &facts)
            } ?? 0
        lines = facts.lines
        innerLines = facts.inner_lines
        flags = facts.flags
    }

    /// How many of the bytes are `byte`.
    package static func count(_ byte: UInt8, in text: UnsafeBufferPointer<UInt8>) -> Int {
        text.baseAddress.map { mk_count_bytes($0, text.count, byte) } ?? 0
    }
}

/// One column of records that have the same number of fields each, parsed as long as fields are in their usual form.
///
/// Each function starts at `row` and returns the first row that is not usual, or the number of rows. An empty field (for text:
/// without quotes) clears its bit of `valid`. Usual are whole numbers of up to 16 digits, decimals of up to 24 bytes without
/// an exponent, `YYYY-MM-DD`, and text without doubled quotes.
package struct FieldColumn {
    private var column: mk_field_column

    /// `ends` are those of all fields, row by row, with `UInt32.max` before the first. 16 bytes behind the text can be read.
    package init(
        text: UnsafePointer<UInt8>, ends: UnsafePointer<UInt32>, columns: Int, column: Int, rows: Int, quote: UInt8?
    ) {
        self.column = mk_field_column(
            text: text, ends: ends, columns: columns, column: column, rows: rows, quote: quote.map { Int32($0) } ?? -1)
    }

    package func ints(
        from row: Int, to output: UnsafeMutablePointer<Int64>, valid: UnsafeMutablePointer<UInt64>
    ) -> Int {
        withUnsafePointer(to: column) { mk_fields_to_i64($0, row, output, valid) }
    }

    package func floats(
        from row: Int, to output: UnsafeMutablePointer<Double>, valid: UnsafeMutablePointer<UInt64>
    ) -> Int {
        withUnsafePointer(to: column) { mk_fields_to_f64($0, row, output, valid) }
    }

    /// Microseconds from 1970.
    package func dates(
        from row: Int, to output: UnsafeMutablePointer<Int64>, valid: UnsafeMutablePointer<UInt64>
    ) -> Int {
        withUnsafePointer(to: column) { mk_fields_to_dates($0, row, output, valid) }
    }

    /// `offsets[row]` is where the row's text goes in `output`, which has `textCapacity` bytes.
    package func text(
        from row: Int, offsets: UnsafeMutablePointer<Int>, to output: UnsafeMutablePointer<UInt8>,
        valid: UnsafeMutablePointer<UInt64>
    ) -> Int {
        offsets.withMemoryRebound(to: Int64.self, capacity: column.rows + 1) { offsets in
            withUnsafePointer(to: column) { mk_fields_to_text($0, row, offsets, output, valid) }
        }
    }

    /// Bytes that `text` may write.
    package var textCapacity: Int { withUnsafePointer(to: column) { mk_fields_bytes($0) } + 16 }
}
