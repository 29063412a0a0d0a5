import MartletData
import MartletPlanner

/// The column by which errors name a row: the first short scalar column, an `id` if there is one.
struct IdentityColumn: Sendable {
    var id: ColumnID
    var name: String

    init?(_ columns: [PlanColumn]) {
        func isKey(_ column: PlanColumn) -> Bool { column.type.isText || column.type == .int }
        let named = columns.first { isKey($0) && ["id", "key", "name"].contains($0.name.lowercased()) }
        guard let column = named ?? columns.first(where: isKey) else { return nil }
        id = column.id
        name = column.name
    }
}
