import MartletData
import MartletPlanner

/// Rows written in the script.
final class ValuesSource: RowSource {
    private var blocks: [RowBlock]

    init(_ node: ValuesNode, _ context: QueryContext) throws {
        let runner = ExpressionRunner(context, stage: "values", columns: [])
        var columns: [ColumnID: Column] = [:]
        let nothing = RowBlock(columns: [:], rowCount: 1, origins: .numbered(count: 1))
        for (position, column) in node.columns.enumerated() {
            let cells = try node.rows.map { try runner.column($0[position], nothing) }
            columns[column.id] = Column.concat(cells, type: column.type)
        }
        let count = node.rows.count
        let all = RowBlock(columns: columns, rowCount: count, origins: .numbered(count: count))
        blocks = all.cut(into: context.settings.morselRows)
    }

    func next(rows: Int) throws -> [RowBlock]? {
        guard !blocks.isEmpty else { return nil }
        defer { blocks = [] }
        return blocks
    }
}

/// Rows of the host program.
final class TableSource: RowSource {
    private let node: TableNode
    private var morsels: ArraySlice<Morsel>
    private let morselRows: Int
    /// What is left of a morsel that was cut.
    private var blocks: ArraySlice<RowBlock> = []

    init(_ node: TableNode, _ context: QueryContext) throws {
        self.node = node
        guard let rows = context.tables[node.key] else { throw ExecutionError.missingTable(name: node.name) }
        morsels = rows[...]
        morselRows = context.settings.morselRows
    }

    func next(rows: Int) throws -> [RowBlock]? {
        var result: [RowBlock] = []
        var count = 0
        while count < rows {
            guard let block = blocks.popFirst() else {
                guard let morsel = morsels.popFirst() else { break }
                blocks = block(morsel).cut(into: morselRows)[...]
                continue
            }
            result.append(block)
            count += block.rowCount
        }
        return result.isEmpty ? nil : result
    }

    private func block(_ morsel: Morsel) -> RowBlock {
        var columns: [ColumnID: Column] = [:]
        for (column, position) in zip(node.columns, node.positions) { columns[column.id] = morsel.columns[position] }
        return RowBlock(columns: columns, rowCount: morsel.rowCount, origins: morsel.origins)
    }
}

/// A `let` that a query reads: run at the first read, then kept.
final class SharedRows {
    private let plan: SharedPlan
    private let makePipeline: () throws -> Pipeline
    private var kept: [RowBlock]?

    init(_ plan: SharedPlan, _ makePipeline: @escaping () throws -> Pipeline) {
        self.plan = plan
        self.makePipeline = makePipeline
    }

    var columns: [PlanColumn] { plan.root.columns }

    func blocks(window: Int) throws -> [RowBlock] {
        if let kept { return kept }
        let pipeline = try makePipeline()
        var result: [RowBlock] = []
        do {
            while let window = try pipeline.next(rows: window) { result += window }
        } catch {
            pipeline.abandon()
            throw error
        }
        kept = result
        return result
    }
}

/// One reader of a `let`.
final class SharedSource: RowSource {
    private let node: SharedNode
    private let rows: SharedRows
    private let context: QueryContext
    private var left: ArraySlice<RowBlock>?

    init(_ node: SharedNode, _ rows: SharedRows, _ context: QueryContext) {
        self.node = node
        self.rows = rows
        self.context = context
    }

    func next(rows wanted: Int) throws -> [RowBlock]? {
        var blocks = try left ?? self.rows.blocks(window: wanted)[...]
        defer { left = blocks }
        guard !blocks.isEmpty else { return nil }
        var result: [RowBlock] = []
        var count = 0
        let from = rows.columns
        while count < wanted, let block = blocks.popFirst() {
            var columns: [ColumnID: Column] = [:]
            for (column, position) in zip(node.columns, node.positions) {
                columns[column.id] = block[from[position].id]
            }
            result.append(RowBlock(columns: columns, rowCount: block.rowCount, origins: block.origins))
            count += block.rowCount
        }
        return result
    }
}

/// One input after the other.
final class UnionSource: RowSource {
    private let node: UnionNode
    private let inputs: [Pipeline]
    private var current = 0

    init(_ node: UnionNode, _ inputs: [Pipeline]) {
        self.node = node
        self.inputs = inputs
    }

    func next(rows: Int) throws -> [RowBlock]? {
        while current < inputs.count {
            if let window = try inputs[current].next(rows: rows) {
                let from = node.inputs[current].columns
                return window.map { block in
                    var columns: [ColumnID: Column] = [:]
                    for (target, source) in zip(node.columns, from) {
                        columns[target.id] = block[source.id].widened(to: target.type)
                    }
                    return RowBlock(columns: columns, rowCount: block.rowCount, origins: block.origins)
                }
            }
            current += 1
        }
        return nil
    }

    func abandon() { for input in inputs { input.abandon() } }
}
