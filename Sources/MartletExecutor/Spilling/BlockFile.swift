import MartletData
import MartletPlanner

/// Blocks of rows in a temporary file, for one operator of one query.
final class BlockFile {
    /// Where a block lies.
    struct Extent {
        var offset: Int
        var byteCount: Int
        var rowCount: Int
    }

    private let context: QueryContext
    private let profileIndex: Int
    private let file: TemporaryFile
    private var types = SpilledTypes()
    /// Names of the rows' files: they stay in memory.
    private var sources: [[String]] = []

    /// Throws `SpillError`.
    init(_ context: QueryContext, profileIndex: Int) throws {
        self.context = context
        self.profileIndex = profileIndex
        file = try TemporaryFile(in: context.settings.temporaryFolder ?? TemporaryFile.defaultFolder)
    }

    /// block = rows columns { id column } origins hash
    func append(_ block: RowBlock) throws -> Extent {
        try context.checkCancelled()
        var encoder = ColumnEncoder(types)
        encoder.append(block.rowCount)
        encoder.append(block.columns.count)
        for (id, column) in block.columns {
            encoder.append(id.number)
            try encoder.append(column)
        }
        append(block.origins, to: &encoder)
        encoder.append(Int(bitPattern: UInt(encoder.bytes.withUnsafeBufferPointer { RowHash.bytes($0) })))
        types = encoder.types
        let offset = try encoder.bytes.withUnsafeBytes { try file.append($0) }
        let byteCount = encoder.bytes.count
        context.profile.update(profileIndex) { $0.spill.bytes += byteCount }
        return Extent(offset: offset, byteCount: byteCount, rowCount: block.rowCount)
    }

    func read(_ extent: Extent) throws -> RowBlock {
        try context.checkCancelled()
        let damage = SpillError.damaged(folder: file.folder)
        let bytes = try file.read(extent.offset..<extent.offset + extent.byteCount)
        var decoder = ColumnDecoder(bytes, types, folder: file.folder)
        let hash = bytes.withUnsafeBufferPointer {
            RowHash.bytes(UnsafeBufferPointer(rebasing: $0.dropLast(8)))
        }
        let rowCount = try decoder.count()
        guard rowCount == extent.rowCount else { throw damage }
        var columns: [ColumnID: Column] = [:]
        for _ in 0..<(try decoder.count()) {
            let id = ColumnID(try decoder.int())
            let column = try decoder.column()
            guard column.count == rowCount else { throw damage }
            columns[id] = column
        }
        let origins = try origins(&decoder, rowCount)
        guard UInt64(bitPattern: Int64(try decoder.int())) == hash else { throw damage }
        return RowBlock(columns: columns, rowCount: rowCount, origins: origins)
    }

    // MARK: Origins

    /// origins = sources run { source line ordinal }: of one row if each next one is a line and an ordinal later.
    private func append(_ origins: RowOrigins, to encoder: inout ColumnEncoder) {
        if sources.last != origins.sources { sources.append(origins.sources) }
        encoder.append(sources.count - 1)
        let isRun = origins.isRun
        encoder.append(isRun ? 1 : 0)
        for row in 0..<(isRun ? min(1, origins.count) : origins.count) {
            let place = origins[row]
            encoder.append(Int(place.source))
            encoder.append(Int(place.line))
            encoder.append(Int(place.ordinal))
        }
    }

    private func origins(_ decoder: inout ColumnDecoder, _ count: Int) throws -> RowOrigins {
        let number = try decoder.count()
        guard number < sources.count else { throw SpillError.damaged(folder: file.folder) }
        let isRun = try decoder.int() != 0
        let numbers: [Int] = try decoder.array(3 * (isRun ? min(1, count) : count))
        let places = stride(from: 0, to: numbers.count, by: 3).map {
            RowPlace(
                source: Int32(truncatingIfNeeded: numbers[$0]), line: Int64(numbers[$0 + 1]),
                ordinal: Int64(numbers[$0 + 2]))
        }
        if isRun, let first = places.first { return RowOrigins(sources: sources[number], first: first, count: count) }
        return RowOrigins(sources: sources[number], places: places)
    }
}

extension RowOrigins {
    /// Whether each row is a line and an ordinal after the one before it.
    fileprivate var isRun: Bool {
        guard count > 0 else { return true }
        let first = self[0]
        for row in 1..<max(1, count) {
            let place = self[row]
            let line = first.source >= 0 ? first.line + Int64(row) : first.line
            if place.source != first.source || place.line != line || place.ordinal != first.ordinal + Int64(row) {
                return false
            }
        }
        return true
    }
}
