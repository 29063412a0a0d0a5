import MartletSupport

/// Reads the rows of one file. For one thread at a time.
protocol FileRows: AnyObject {
    /// About `rows` rows, the first of which has the ordinal `ordinal`; none at the end.
    func next(rows: Int, ordinal: Int64) throws -> [Morsel]
    var skipped: SkippedRows { get }
    var bytesRead: Int { get }
}

/// Reads files one after the other as one table.
final class FileSequence: MorselReader {
    let schema: Schema
    private let files: [String]
    private let open: (_ file: Int) throws -> any FileRows
    private let morselRows: Int
    private let windowRows: Int
    private var rowsLeft: Int
    private var ordinal: Int64 = 1
    private var current: (any FileRows)?
    private var nextFile = 0
    private var ready: ArraySlice<Morsel> = []
    private var finishedSkipped = SkippedRows()
    private var finishedBytes = 0

    /// Cells in a window: what keeps very wide tables from taking all memory.
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
        windowRows = max(1, Self.maximumCells / max(1, width))
        morselRows = min(request.morselRows, windowRows)
        rowsLeft = max(0, request.rowLimit ?? .max)
    }

    func next() throws -> Morsel? {
        if ready.isEmpty { ready = try read(rows: morselRows)[...] }
        return ready.popFirst()
    }

    func next(rows: Int) throws -> [Morsel] {
        if ready.isEmpty { ready = try read(rows: rows)[...] }
        // What a file's rows gave beyond that waits for the next call.
        var morsels: [Morsel] = []
        var count = 0
        while count < rows, let morsel = ready.popFirst() {
            morsels.append(morsel)
            count += morsel.rowCount
        }
        return morsels
    }

    private func read(rows: Int) throws -> [Morsel] {
        while rowsLeft > 0 {
            if current == nil {
                guard nextFile < files.count else { return [] }
                current = try open(nextFile)
                nextFile += 1
            }
            let found = try current?.next(rows: min(rows, rowsLeft, windowRows), ordinal: ordinal) ?? []
            if !found.isEmpty { return found.flatMap(take) }
            if let current {
                finishedSkipped.add(current.skipped)
                finishedBytes += current.bytesRead
            }
            current = nil
        }
        return []
    }

    /// The rows of `morsel` that are still wanted, in equal parts that are no larger than wanted.
    private func take(_ morsel: Morsel) -> [Morsel] {
        let count = min(morsel.rowCount, rowsLeft)
        guard count > 0 else { return [] }
        rowsLeft -= count
        ordinal += Int64(count)
        let parts = (count + morselRows - 1) / morselRows
        if parts == 1 { return [count == morsel.rowCount ? morsel : morsel.slice(0..<count)] }
        return (0..<parts).map { morsel.slice($0 * count / parts..<($0 + 1) * count / parts) }
    }

    var skipped: SkippedRows {
        var total = finishedSkipped
        if let current { total.add(current.skipped) }
        return total
    }

    var bytesRead: Int { finishedBytes + (current?.bytesRead ?? 0) }
}
