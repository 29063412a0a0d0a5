/// Some rows in flight: columns of equal length, and where each row came from.
package struct Morsel: Sendable {
    package let schema: Schema
    package let columns: [Column]
    package let rowCount: Int
    package let origins: RowOrigins

    /// The rows that a reader puts into one morsel unless told otherwise.
    package static let defaultRowCount = 2_048

    /// `columns` are as the schema says and have `rowCount` rows each; without `origins` rows are numbered from 1.
    package init(schema: Schema, columns: [Column], rowCount: Int, origins: RowOrigins? = nil) {
        precondition(columns.count == schema.count, "bug: \(columns.count) columns for \(schema.count) fields")
        precondition(columns.allSatisfy { $0.count == rowCount }, "bug: a column's length is not \(rowCount)")
        precondition(origins.map { $0.count == rowCount } ?? true, "bug: origins of another length")
        self.schema = schema
        self.columns = columns
        self.rowCount = rowCount
        self.origins = origins ?? .numbered(count: rowCount)
    }

    package static func empty(_ schema: Schema) -> Morsel {
        Morsel(schema: schema, columns: schema.fields.map { Column.empty($0.type) }, rowCount: 0)
    }

    package func slice(_ range: Range<Int>) -> Morsel {
        Morsel(
            schema: schema, columns: columns.map { $0.slice(range) }, rowCount: range.count,
            origins: origins.slice(range))
    }

    /// Rows at `indices` in that order; -1 gives a row of nulls.
    package func gather(_ indices: [Int]) -> Morsel {
        Morsel(
            schema: schema, columns: columns.map { $0.gather(indices) }, rowCount: indices.count,
            origins: origins.gather(indices))
    }

    /// The rows whose bit is set.
    package func filter(_ selection: Bitmap) -> Morsel {
        let indices = selection.setIndices
        return indices.count == rowCount ? self : gather(indices)
    }

    /// The same rows under other columns.
    package func replacingColumns(_ columns: [Column], schema: Schema) -> Morsel {
        Morsel(schema: schema, columns: columns, rowCount: rowCount, origins: origins)
    }

    /// The columns at `positions`, in that order.
    package func selecting(_ positions: [Int]) -> Morsel {
        Morsel(
            schema: schema.selecting(positions), columns: positions.map { columns[$0] }, rowCount: rowCount,
            origins: origins)
    }

    /// All rows of `parts`, which share `schema`.
    package static func concat(_ parts: [Morsel], schema: Schema) -> Morsel {
        if parts.count == 1 { return parts[0] }
        guard !parts.isEmpty else { return .empty(schema) }
        return Morsel(
            schema: schema,
            columns: schema.fields.indices.map { position in
                Column.concat(parts.map { $0.columns[position] }, type: schema[position].type)
            },
            rowCount: parts.reduce(0) { $0 + $1.rowCount }, origins: .concat(parts.map(\.origins)))
    }

    package func value(row: Int, column: Int) -> Value { columns[column].value(row) }

    /// One row as cells, in schema order.
    package func row(_ row: Int) -> [Value] { columns.map { $0.value(row) } }
}
