import MartletSupport

/// Reads the rows of one file. For one thread at a time.
protocol FileRows: AnyObject {
    /// At most `rows` rows, the first of which has the ordinal `ordinal`; nil at the end.
    func next(rows: Int, ordinal: Int64) throws -> Morsel?
    var skipped: SkippedRows { get }
    var bytesRead: Int { get }
}

/// Reads files one after the other as one table.
final class FileSequence: MorselReader {
    let schema: Schema
    private let files: [String]
    private let open: (_ file: Int) throws -> any FileRows
    private let morselRows: Int
    private var rowsLeft: Int
    private var ordinal: Int64 = 1
    private var current: (any FileRows)?
    private var nextFile = 0
    private var finishedSkipped = SkippedRows()
    private var finishedBytes = 0

    /// Cells in a morsel: what keeps very wide tables from taking all memory.
    static let maximumCells = 1 << 22
    /// Bytes of input in a morsel.
    static let maximumBytes = 16 << 20

    /// `open` gets positions in `files`; `schema` is that of the morsels it makes; `width` counts all columns of the source.
    init(
        schema: Schema, width: Int, files: [String], request: ScanRequest,
        open: @escaping (_ file: Int) throws -> any FileRows
    ) {
        self.schema = schema
        self.files = files
        self.open = open
        morselRows = min(request.morselRows, max(1, Self.maximumCells / max(1, width)))
        rowsLeft = max(0, request.rowLimit ?? .max)
    }

    func next() throws -> Morsel? {
        while rowsLeft > 0 {
            if current == nil {
                guard nextFile < files.count else { return nil }
                current = try open(nextFile)
                nextFile += 1
            }
            if let morsel = try current?.next(rows: min(morselRows, rowsLeft), ordinal: ordinal) {
                rowsLeft -= morsel.rowCount
                ordinal += Int64(morsel.rowCount)
                return morsel
            }
            if let current {
                finishedSkipped.add(current.skipped)
                finishedBytes += current.bytesRead
            }
            current = nil
        }
        return nil
    }

    var skipped: SkippedRows {
        var total = finishedSkipped
        if let current { total.add(current.skipped) }
        return total
    }

    var bytesRead: Int { finishedBytes + (current?.bytesRead ?? 0) }
}
