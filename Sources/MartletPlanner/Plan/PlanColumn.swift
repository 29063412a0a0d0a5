import MartletData

/// Names one computed column within one query. Renaming and moving a column keeps its id; computing one makes a new id.
/// So a rule may move an expression past any node that passes on the columns it reads.
package struct ColumnID: Hashable, Comparable, Sendable {
    package let number: Int

    package init(_ number: Int) { self.number = number }

    package static func < (left: ColumnID, right: ColumnID) -> Bool { left.number < right.number }
}

/// A column as a plan node passes it on. Within one node's columns ids are distinct, names need not be.
package struct PlanColumn: Hashable, Sendable {
    package var id: ColumnID
    /// Shown to the user and written to files: `label`, `s.label`.
    package var name: String
    package var type: DataType

    package init(id: ColumnID, name: String, type: DataType) {
        self.id = id
        self.name = name
        self.type = type
    }
}

/// A column that a node computes.
package struct ComputedColumn: Hashable, Sendable {
    package var column: PlanColumn
    package var expr: BoundExpr

    package init(_ column: PlanColumn, _ expr: BoundExpr) {
        self.column = column
        self.expr = expr
    }

    package init(passing column: PlanColumn) { self.init(column, .column(column.id, column.type)) }

    /// True when the column is only passed on, under whatever name.
    package var isPassedOn: Bool { if case .column(column.id, _) = expr { true } else { false } }
}
