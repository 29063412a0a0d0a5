import MartletSupport

/// A way to write tables into bytes, with its reader and writer. One file each, one line in `DataFormats.table`.
package struct DataFormat: Sendable {
    package let name: String
    /// Lower case, without the dot; the first is the usual one.
    package let extensions: [String]
    /// One line for the documentation.
    package let summary: String
    /// A script line that loads or writes it.
    package let example: String
    package let readOptions: [FormatOption]
    package let writeOptions: [FormatOption]
    /// Whether text that starts like this (up to some kilobytes, white space not skipped) may be of this format.
    package let sniff: @Sendable (UnsafeBufferPointer<UInt8>) -> Bool
    /// Opens files that exist: learns the schema, checks that they agree. Throws `ReadError`, `FileError`.
    package let open: @Sendable (_ files: DataFiles, _ options: FormatOptions) throws -> any DataSource
    /// Throws `ReadError` for options, `WriteError` for a schema it cannot say.
    package let makeWriter:
        @Sendable (_ schema: Schema, _ options: FormatOptions, _ sink: any ByteSink) throws -> any MorselWriter
}

/// An option of a format, for checking, completion and documentation.
package struct FormatOption: Sendable {
    package let name: String
    /// Other names for the same.
    package let aliases: [String]
    /// What it takes, and what it does, in one line.
    package let summary: String

    package init(_ name: String, aliases: [String] = [], _ summary: String) {
        self.name = name
        self.aliases = aliases
        self.summary = summary
    }
}

/// Rows from outside, opened: the schema is known, nothing but the sample was read.
package protocol DataSource: AnyObject, Sendable {
    /// As the user wrote it.
    var name: String { get }
    /// Files in reading order.
    var files: [String] { get }
    var schema: Schema { get }
    /// Bytes of all files, nil if not known (standard input).
    var byteCount: Int? { get }
    /// Whether the files are as they were when this was opened. False for pipes.
    var isUnchanged: Bool { get }
    /// Starts reading from the first row. Standard input and pipes can be read once: `ReadError.inputTaken`.
    func makeReader(_ request: ScanRequest) throws -> any MorselReader
}

/// What a scan must deliver.
package struct ScanRequest: Sendable {
    /// Positions in the source's schema, in the wanted order; nil means all. Other columns are checked but not kept.
    package var columns: [Int]?
    /// Reading may stop after so many rows.
    package var rowLimit: Int?
    /// At most so many rows in a morsel; very wide or long rows come in smaller ones.
    package var morselRows: Int
    /// Threads that may help to read.
    package var pool: ThreadPool?
    /// Whether each record is read by itself: what reading in windows is compared with.
    package var recordByRecord = false

    package init(
        columns: [Int]? = nil, rowLimit: Int? = nil, morselRows: Int = Morsel.defaultRowCount, pool: ThreadPool? = nil
    ) {
        self.columns = columns
        self.rowLimit = rowLimit
        self.morselRows = max(1, morselRows)
        self.pool = pool
    }
}

/// Delivers a source's rows in order. For one thread at a time.
package protocol MorselReader: AnyObject {
    /// The schema of the morsels.
    var schema: Schema { get }
    /// The next rows, about `rows` of them and at least one; none at the end. Throws `ReadError` or `FileError`, after which it
    /// is not called again.
    func next(rows: Int) throws -> [Morsel]
    /// The next morsel; nil at the end. Throws as `next(rows:)` does.
    func next() throws -> Morsel?
    /// Rows left out because of `ignore_errors`, so far.
    var skipped: SkippedRows { get }
    /// Bytes of input consumed so far, for progress.
    var bytesRead: Int { get }
}

/// Rows that a reader left out: never silently.
package struct SkippedRows: Sendable {
    package var count = 0
    /// Why the first one was left out.
    package var first: ReadError?

    mutating func add(_ error: ReadError) {
        if count == 0 { first = error }
        count += 1
    }

    mutating func add(_ other: SkippedRows) {
        if count == 0 { first = other.first }
        count += other.count
    }
}

/// Writes rows as bytes to its sink. For one thread at a time.
package protocol MorselWriter: AnyObject {
    /// Throws what the sink throws.
    func write(_ morsel: Morsel) throws
    /// Hands the rows written so far to the sink.
    func flush() throws
    /// Writes what ends the output. It does not commit or close the sink.
    func finish() throws
}
