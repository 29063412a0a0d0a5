import MartletData
import MartletPlanner
import MartletTensor

/// A row for each element of a value.
func unnestSource(_ node: UnnestNode, _ input: Pipeline, _ context: QueryContext) -> ExpandingSource {
    let evaluation = ExpressionRunner(context, stage: "unnest", columns: node.input.columns)
    let rowsAtOnce = context.settings.morselRows * context.pool.threadCount
    return ExpandingSource(input, context, rowsAtOnce: rowsAtOnce) { blocks in
        try context.parallelMap(blocks) { block in
            let values = try evaluation.column(node.value, block)
            let (rows, elements) = values.unnested(node.column.type)
            return Expansion(input: block, rows: rows) { [node.column.id: elements.slice($0)] }
        }
    }
}

extension Column {
    /// All elements of the rows one after the other, as a column of `type`, and the row that each comes from.
    fileprivate func unnested(_ type: DataType) -> (rows: [Int], elements: Column) {
        var rows: [Int] = []
        var parts: [Column] = []
        for row in 0..<count where !isNull(row) {
            let part: Column
            if case .list = storage {
                part = list(row)
            } else {
                part = Column(tensor: rowTensor(row))
            }
            guard part.count > 0 else { continue }
            parts.append(part)
            rows.append(contentsOf: repeatElement(row, count: part.count))
        }
        return (rows, Column.concat(parts, type: type))
    }
}
