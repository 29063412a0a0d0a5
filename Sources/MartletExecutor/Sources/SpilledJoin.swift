import MartletData
import MartletPlanner

/// A join whose relation does not fit the memory's share: both sides go to a file, parted by the hash of their keys, and each part
/// is joined by itself. What comes of the parts is merged into the order of the rows.
///
/// A part that is still too large is parted again. Where its rows have one key, which no parting tells apart, the relation's rows
/// are looked up in some at a time. So any relation fits; a file takes both sides, and then the result.
final class SpilledJoin: RowSource {
    private let node: JoinNode
    private let input: any RowSource
    private let relation: any RowSource
    private let context: QueryContext
    private let profileIndex: Int
    private let share: MemoryShare
    private let left: ExpressionRunner
    private let right: ExpressionRunner
    private let pairs: ExpressionRunner
    private let runs: SortedRuns
    private var merge: RunMerge?

    init(
        _ node: JoinNode, _ input: any RowSource, _ relation: any RowSource, _ context: QueryContext, profileIndex: Int
    ) {
        self.node = node
        self.input = input
        self.relation = relation
        self.context = context
        self.profileIndex = profileIndex
        share = MemoryShare(context)
        left = ExpressionRunner(context, stage: "join", columns: node.input.columns)
        right = ExpressionRunner(context, stage: "join", columns: node.relation.columns)
        pairs = ExpressionRunner(context, stage: "join", columns: node.input.columns + node.relation.columns)
        let columns = node.input.columns + node.relation.columns
        runs = SortedRuns([RowOrder.key], columns, context, profileIndex: profileIndex)
    }

    func next(rows: Int) throws -> [RowBlock]? {
        if merge == nil {
            try joinParts(try partRelation(), try partInput())
            merge = try runs.merged()
        }
        return try merge?.next(rows: rows)?.withoutNumbers.cut(into: context.settings.morselRows)
    }

    // MARK: Parting

    private func partRelation() throws -> RowPartitions {
        let partitions = try makePartitions(node.relation.columns, level: 0)
        while let window = try relation.next(rows: 16_384) {
            for block in window { try part(block, by: \.right, right, into: partitions, keepsNulls: false) }
        }
        return partitions
    }

    private func partInput() throws -> RowPartitions {
        let partitions = try makePartitions(node.input.columns, level: 0)
        var rows = 0
        while let window = try input.next(rows: 16_384) {
            for block in window {
                let numbered = block.numbered(from: rows)
                rows += block.rowCount
                try part(numbered, by: \.left, left, into: partitions, keepsNulls: node.isLeft)
            }
        }
        return partitions
    }

    private func makePartitions(_ columns: [PlanColumn], level: Int) throws -> RowPartitions {
        try RowPartitions(columns, context, profileIndex: profileIndex, level: level)
    }

    private func part(
        _ block: RowBlock, by side: KeyPath<JoinKey, BoundExpr>, _ runner: ExpressionRunner,
        into partitions: RowPartitions, keepsNulls: Bool
    ) throws {
        let keys = try node.keys.map { try runner.column($0[keyPath: side], block) }
        let hashes = keys.hashes(rowCount: block.rowCount)
        if keepsNulls || keys.allSatisfy(\.hasNoNulls) { return try partitions.add(block, hashes: hashes) }
        let rows = (0..<block.rowCount).filter { row in !keys.contains { $0.isNull(row) } }
        if !rows.isEmpty { try partitions.add(block.gather(rows), hashes: rows.map { hashes[$0] }) }
    }

    // MARK: Joining

    private func joinParts(_ relation: RowPartitions, _ input: RowPartitions) throws {
        for (build, probe) in zip(try relation.finish(), try input.finish()) where probe.rowCount > 0 {
            let fits = build.byteCount + JoinTable.extraBytes * build.rowCount <= share.bytes / 2
            guard fits || build.isOfOneKey || relation.level >= RowPartitions.deepest else {
                let deeper = relation.level + 1
                let relationParts = try makePartitions(node.relation.columns, level: deeper)
                for extent in build.extents {
                    try part(try relation.read(extent), by: \.right, right, into: relationParts, keepsNulls: false)
                }
                let inputParts = try makePartitions(node.input.columns, level: deeper)
                for extent in probe.extents {
                    try part(try input.read(extent), by: \.left, left, into: inputParts, keepsNulls: node.isLeft)
                }
                try joinParts(relationParts, inputParts)
                continue
            }
            if fits {
                let table = try table(build.extents, relation)
                try look(up: probe, of: input, in: table, isLeft: node.isLeft)
                try runs.endRun()
            } else {
                try joinInPieces(build, relation, probe, input)
            }
        }
    }

    private func table(_ extents: [BlockFile.Extent], _ relation: RowPartitions) throws -> JoinTable {
        let blocks = try extents.map { try relation.read($0) }
        let rows = RowBlock.concat(blocks, node.relation.columns)
        guard rows.rowCount > 0 else { return JoinTable(rows: rows) }
        return JoinTable(rows: rows, keys: try node.keys.map { try right.column($0.right, rows) })
    }

    private func look(
        up probe: RowPartitions.Part, of input: RowPartitions, in table: JoinTable, isLeft: Bool,
        _ see: (Expansion) -> Void = { _ in }
    ) throws {
        for extent in probe.extents {
            let expansion = try table.expand(try input.read(extent), node, isLeft: isLeft, left, pairs)
            see(expansion)
            for start in stride(from: 0, to: expansion.rows.count, by: context.settings.morselRows) {
                let end = min(start + context.settings.morselRows, expansion.rows.count)
                try runs.append(expansion.block(start..<end))
            }
        }
    }

    /// Each piece of the relation gives a run; partners of a row come in the order of the pieces. Rows that found none in any piece
    /// are a run of their own.
    private func joinInPieces(
        _ build: RowPartitions.Part, _ relation: RowPartitions, _ probe: RowPartitions.Part, _ input: RowPartitions
    ) throws {
        var isMatched: [[Bool]] = probe.extents.map { Array(repeating: false, count: $0.rowCount) }
        var rest = build.extents[...]
        while !rest.isEmpty {
            var piece: [BlockFile.Extent] = []
            var bytes = 0
            while let extent = rest.first, piece.isEmpty || bytes < share.bytes / 2 {
                bytes += extent.byteCount + JoinTable.extraBytes * extent.rowCount
                piece.append(extent)
                rest = rest.dropFirst()
            }
            var number = 0
            try look(up: probe, of: input, in: try table(piece, relation), isLeft: false) { expansion in
                for row in expansion.rows { isMatched[number][row] = true }
                number += 1
            }
            try runs.endRun()
        }
        guard node.isLeft else { return }
        let nothing = JoinTable(rows: RowBlock(columns: [:], rowCount: 0, origins: .numbered(count: 0)))
        for (extent, isMatched) in zip(probe.extents, isMatched) {
            let rows = isMatched.indices.filter { !isMatched[$0] }
            guard !rows.isEmpty else { continue }
            let expansion = try nothing.expand(
                try input.read(extent).gather(rows), node, isLeft: true, left, pairs)
            try runs.append(expansion.block(0..<expansion.rows.count))
        }
        try runs.endRun()
    }
}
