extension DataFormat {
    /// Comma-separated values (RFC 4180) and its kin.
    package static let csv = DataFormat(
        name: "csv", extensions: ["csv"],
        summary: "comma-separated values, RFC 4180; separator, header and types are found if not said",
        example: "load 'reviews.csv' with (delim = ';', types = {id: 'string'})",
        readOptions: CSVReadOptions.described, writeOptions: CSVWriter.described,
        sniff: { _ in false },
        open: { try CSVSource($0, CSVReadOptions($1, separator: nil)) },
        makeWriter: { try CSVWriter($0, $1, $2, separator: UInt8(ascii: ",")) })

    /// The same with tabs.
    package static let tsv = DataFormat(
        name: "tsv", extensions: ["tsv", "tab"],
        summary: "tab-separated values: CSV with a tab between fields",
        example: "load 'reviews.tsv' with (quote = '')",
        readOptions: CSVReadOptions.described, writeOptions: CSVWriter.described,
        sniff: { _ in false },
        open: { try CSVSource($0, CSVReadOptions($1, separator: UInt8(ascii: "\t"))) },
        makeWriter: { try CSVWriter($0, $1, $2, separator: UInt8(ascii: "\t")) })
}
