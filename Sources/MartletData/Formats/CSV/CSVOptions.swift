import MartletSupport

/// The options of reading CSV, understood. Names are those of DuckDB's `read_csv` where it has them.
struct CSVReadOptions {
    var header: Bool?
    /// nil: found from the sample.
    var separator: UInt8?
    var quote: UInt8? = UInt8(ascii: "\"")
    var escape: UInt8?
    var nulls: [[UInt8]] = [[]]
    /// All columns with their types, in file order; nothing is inferred.
    var columns: [(name: String, type: DataType)]?
    /// Types of some columns.
    var types: [(name: String, type: DataType)] = []
    var names: [String]?
    var allStrings = false
    var skip = 0
    /// Rows; nil means all.
    var sampleRows: Int? = 20_480
    var ignoresErrors = false
    var padsWithNulls = false
    var isStrict = true
    var maximumRecord = 16 << 20

    static let described: [FormatOption] = [
        FormatOption("header", "true or false: whether the first row names the columns; found if not said"),
        FormatOption(
            "delim", aliases: ["sep", "delimiter"], "one character between fields; found among , ; tab | if not said"),
        FormatOption("quote", "the quoting character, \" by default; '' for none"),
        FormatOption("escape", "stands before a quote inside a quoted field; the quote itself by default"),
        FormatOption("nullstr", aliases: ["null"], "unquoted text, or a list of it, that means null; '' by default"),
        FormatOption("columns", "names and types of all columns, in order: {id: 'int', text: 'string'}"),
        FormatOption("types", aliases: ["dtypes", "column_types"], "types of some columns: {score: 'float'}"),
        FormatOption("names", aliases: ["column_names"], "names of all columns: ['id', 'text']"),
        FormatOption("all_varchar", "true: every column is a string"),
        FormatOption("skip", "lines to skip before the header"),
        FormatOption("sample_size", "rows from which types are inferred, 20480 by default; -1 for all"),
        FormatOption("ignore_errors", "true: rows that cannot be read are skipped and counted"),
        FormatOption("null_padding", "true: fields missing at the end of a row are null"),
        FormatOption("strict", aliases: ["strict_mode"], "false: misplaced quotes are taken as they are"),
        FormatOption(
            "max_line_size", aliases: ["maximum_line_size"], "longest row in bytes, 16777216 by default"),
    ]

    /// `separator` is the format's own, if it has one.
    init(_ options: FormatOptions, separator usual: UInt8?) throws {
        separator = usual
        header = try options.bool("header")
        if let delimiter = try options.character("delim") {
            guard let delimiter else { throw options.bad("delim", "one ASCII character") }
            separator = delimiter
        }
        if let given = try options.character("quote") { quote = given }
        escape = quote
        if let given = try options.character("escape") { escape = given }
        if let texts = try options.strings("nullstr") { nulls = texts.map { Array($0.utf8) } }
        columns = try options.types("columns")
        types = try options.types("types") ?? []
        names = try options.strings("names")
        allStrings = try options.bool("all_varchar") ?? false
        skip = try options.int("skip", in: 0...1_000_000_000) ?? 0
        if let rows = try options.int("sample_size", in: -1...1_000_000_000) {
            sampleRows = rows < 0 ? nil : max(1, rows)
        }
        ignoresErrors = try options.bool("ignore_errors") ?? false
        padsWithNulls = try options.bool("null_padding") ?? false
        isStrict = try options.bool("strict") ?? true
        maximumRecord = try options.int("max_line_size", in: 16...(1 << 32)) ?? maximumRecord
        if let separator, separator == quote { throw options.bad("delim", "a character other than the quote") }
        for (name, type) in (columns ?? []) + types where !CSVCell.canHold(type) {
            throw ReadError.badOption(
                name: columns == nil ? "types" : "columns", value: "{\(name): '\(type.text)'}",
                wanted: "bool, int, float, string, bytes, timestamp, a list of these, or a tensor of fixed size")
        }
    }

    func dialect(separator: UInt8) -> CSVDialect {
        CSVDialect(
            separator: separator, quote: quote, escape: escape, isStrict: isStrict, maximumRecord: maximumRecord)
    }

    /// Whether the bytes of an unquoted field mean null.
    @inline(__always)
    func isNull(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        for null in nulls where null.count == text.count && null.elementsEqual(text) { return true }
        return false
    }
}
