import MartletData
import MartletPlanner

/// Rows in a file as runs, each in the order of the keys; a run's rows come before equal ones of later runs.
final class SortedRuns {
    struct Run {
        fileprivate var file: BlockFile
        fileprivate var extents: [BlockFile.Extent] = []
    }

    private let keys: [SortKey]
    private let columns: [PlanColumn]
    private let context: QueryContext
    private let profileIndex: Int
    private let share: MemoryShare
    private var runs: [Run] = []
    private var file: BlockFile?
    private var held: [RowBlock] = []
    private var heldBytes = 0
    private var extents: [BlockFile.Extent] = []

    init(_ keys: [SortKey], _ columns: [PlanColumn], _ context: QueryContext, profileIndex: Int) {
        self.keys = keys
        self.columns = columns
        self.context = context
        self.profileIndex = profileIndex
        share = MemoryShare(context)
    }

    var isEmpty: Bool { runs.isEmpty }

    /// Adds rows to the run that is being written; they do not come before those that it has.
    func append(_ block: RowBlock) throws {
        guard block.rowCount > 0 else { return }
        held.append(block)
        heldBytes += block.byteCount
        if heldBytes >= share.chunk { try flush() }
    }

    /// Ends the run that is being written.
    func endRun() throws {
        try flush()
        guard let file, !extents.isEmpty else { return }
        runs.append(Run(file: file, extents: extents))
        extents = []
        context.profile.update(profileIndex) { $0.spill.runs += 1 }
    }

    private func flush() throws {
        guard !held.isEmpty else { return }
        let file = try self.file ?? BlockFile(context, profileIndex: profileIndex)
        self.file = file
        for block in RowBlock.concat(held, columns).cut(bytes: share.chunk) { extents.append(try file.append(block)) }
        held = []
        heldBytes = 0
    }

    /// All rows in order. Where there are many runs, some are merged into longer ones before.
    func merged() throws -> RunMerge {
        file = nil
        while runs.count > share.fanIn {
            let target = SortedRuns(keys, columns, context, profileIndex: profileIndex)
            for start in stride(from: 0, to: runs.count, by: share.fanIn) {
                let merge = RunMerge(Array(runs[start..<min(start + share.fanIn, runs.count)]), keys, columns)
                while let block = try merge.next(rows: context.settings.morselRows) { try target.append(block) }
                try target.endRun()
            }
            runs = target.runs
        }
        defer { runs = [] }
        return RunMerge(runs, keys, columns)
    }
}

/// Rows of sorted runs in the order of the keys, equal ones in the order of the runs.
final class RunMerge {
    private final class Cursor {
        let number: Int
        private let file: BlockFile
        private var extents: ArraySlice<BlockFile.Extent>
        private let keys: [SortKey]
        private(set) var block: RowBlock
        private(set) var columns: [Column] = []
        private(set) var codes: [UInt64] = []
        var row = 0
        /// Place of the block among the pieces of the rows that are being put together; nil if it is none of them.
        var piece: Int?

        init?(_ run: SortedRuns.Run, _ number: Int, _ keys: [SortKey]) throws {
            self.number = number
            self.keys = keys
            file = run.file
            extents = run.extents[...]
            block = RowBlock(columns: [:], rowCount: 0, origins: .numbered(count: 0))
            guard try advanceBlock() else { return nil }
        }

        /// Goes to the next row; false at the end.
        func advance() throws -> Bool {
            row += 1
            return try row < block.rowCount || advanceBlock()
        }

        private func advanceBlock() throws -> Bool {
            guard let extent = extents.popFirst() else { return false }
            block = try file.read(extent)
            columns = keys.map { block[$0.column.id] }
            codes =
                keys.first.map { SortCodes(block[$0.column.id], $0).codes }
                ?? Array(repeating: 0, count: block.rowCount)
            row = 0
            piece = nil
            return true
        }
    }

    private let keys: [SortKey]
    private let columns: [PlanColumn]
    private var waiting: [SortedRuns.Run]
    /// A heap: the cursor with the next row is first.
    private var heap: [Cursor] = []

    fileprivate init(_ runs: [SortedRuns.Run], _ keys: [SortKey], _ columns: [PlanColumn]) {
        waiting = runs
        self.keys = keys
        self.columns = columns
    }

    /// The next rows; nil at the end.
    func next(rows: Int) throws -> RowBlock? {
        if !waiting.isEmpty {
            for (number, run) in waiting.enumerated() {
                if let cursor = try Cursor(run, number, keys) { heap.append(cursor) }
            }
            waiting = []
            for place in heap.indices.reversed() { sink(place) }
        }
        guard !heap.isEmpty else { return nil }
        for cursor in heap { cursor.piece = nil }
        var pieces: [(block: RowBlock, first: Int, count: Int)] = []
        var order: [(piece: Int, row: Int)] = []
        while order.count < rows, let cursor = heap.first {
            let piece = cursor.piece ?? pieces.count
            if cursor.piece == nil {
                pieces.append((cursor.block, cursor.row, 0))
                cursor.piece = piece
            }
            order.append((piece, pieces[piece].count))
            pieces[piece].count += 1
            if try !cursor.advance() {
                heap[0] = heap[heap.count - 1]
                heap.removeLast()
            }
            if !heap.isEmpty { sink(0) }
        }
        var starts: [Int] = []
        var total = 0
        for piece in pieces {
            starts.append(total)
            total += piece.count
        }
        let all = RowBlock.concat(pieces.map { $0.block.slice($0.first..<$0.first + $0.count) }, columns)
        return pieces.count == 1 ? all : all.gather(order.map { starts[$0.piece] + $0.row })
    }

    private func sink(_ from: Int) {
        var place = from
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && isBefore(heap[child], heap[least]) {
                least = child
            }
            if least == place { return }
            heap.swapAt(place, least)
            place = least
        }
    }

    private func isBefore(_ a: Cursor, _ b: Cursor) -> Bool {
        let (x, y) = (a.codes[a.row], b.codes[b.row])
        if x != y { return x < y }
        for (place, key) in keys.enumerated() {
            let comparison = key.compare(a.columns[place], a.row, b.columns[place], b.row)
            if comparison != 0 { return comparison < 0 }
        }
        return a.number < b.number
    }
}

extension SortKey {
    /// Negative if the first row comes first.
    func compare(_ column: Column, _ row: Int, _ other: Column, _ otherRow: Int) -> Int {
        switch (column.isNull(row), other.isNull(otherRow)) {
        case (true, true): return 0
        case (true, false): return nullsFirst ? -1 : 1
        case (false, true): return nullsFirst ? 1 : -1
        case (false, false):
            let comparison = column.rowOrder(row, other, otherRow)
            return descending ? -comparison : comparison
        }
    }
}
