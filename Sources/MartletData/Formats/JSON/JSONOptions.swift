import MartletSupport

/// The options of reading JSON, understood.
struct JSONReadOptions {
    /// All columns with their types; other keys are left out, nothing is inferred.
    var columns: [(name: String, type: DataType)]?
    var types: [(name: String, type: DataType)] = []
    /// Rows; nil means all.
    var sampleRows: Int? = 20_480
    var ignoresErrors = false
    var maximumRecord = 16 << 20

    static let described: [FormatOption] = [
        FormatOption("columns", "names and types of the wanted keys: {id: 'int', text: 'string'}; others are left out"),
        FormatOption("types", "types of some columns: {score: 'float'}; 'string' takes any value as its JSON text"),
        FormatOption("sample_size", "rows from which columns are inferred, 20480 by default; -1 for all"),
        FormatOption("ignore_errors", "true: rows that cannot be read are skipped and counted"),
        FormatOption(
            "max_line_size", aliases: ["maximum_line_size", "maximum_object_size"],
            "longest row in bytes, 16777216 by default"),
    ]

    init(_ options: FormatOptions) throws {
        columns = try options.types("columns")
        types = try options.types("types") ?? []
        if let rows = try options.int("sample_size", in: -1...1_000_000_000) {
            sampleRows = rows < 0 ? nil : max(1, rows)
        }
        ignoresErrors = try options.bool("ignore_errors") ?? false
        maximumRecord = try options.int("max_line_size", in: 16...(1 << 32)) ?? maximumRecord
        for (name, type) in (columns ?? []) + types where !JSONShape.canRead(type) {
            throw ReadError.badOption(
                name: columns == nil ? "types" : "columns", value: "{\(name): '\(type.text)'}",
                wanted: "bool, int, float, string, timestamp, a list or struct of these, or a tensor of fixed size")
        }
    }
}
