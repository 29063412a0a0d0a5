import MartletData
import MartletPlanner

/// All groups, dealt out by their keys to parts that threads keep side by side.
///
/// A group lives in one part, which sees its rows in row order: results do not depend on the number of parts.
final class AggregateTotal {
    private let node: AggregateNode
    private let context: QueryContext
    private let parts: [Part]

    /// Fewer groups than these are not worth waking threads.
    private static let leastGroups = 1_024

    private final class Part: @unchecked Sendable {
        var partial: AggregatePartial
        init(_ partial: AggregatePartial) { self.partial = partial }
    }

    init(_ node: AggregateNode, _ context: QueryContext) {
        self.node = node
        self.context = context
        let count = node.groups.isEmpty ? 1 : context.pool.threadCount
        parts = (0..<count).map { _ in Part(AggregatePartial(node)) }
    }

    var partCount: Int { parts.count }

    /// Bytes in memory, about.
    var byteCount: Int { parts.reduce(0) { $0 + $1.partial.byteCount + $1.partial.tableBytes } }

    /// Whether there is a group with each row's key.
    func contains(_ keys: [Column], rowCount: Int) -> [Bool] {
        parts.dropFirst().reduce(parts[0].partial.contains(keys, rowCount: rowCount)) { known, part in
            zip(known, part.partial.contains(keys, rowCount: rowCount)).map { $0 || $1 }
        }
    }

    /// Adds what partials have seen, which are in row order.
    func merge(_ partials: [AggregatePartial.Sealed]) throws {
        let merge: @Sendable (Int) throws -> Void = { [node, parts] index in
            for partial in partials { try parts[index].partial.merge(partial, part: index, node) }
        }
        if partials.reduce(0, { $0 + $1.groupCount }) < Self.leastGroups {
            for index in parts.indices { try merge(index) }
        } else {
            _ = try context.parallelMap(Array(parts.indices), merge)
        }
    }

    /// Keys and aggregates of each group and the number of its first row, in first-seen order. Without keys there is one group.
    func finish() throws -> (keys: [Column], aggregates: [Column], firstRows: [Int]) {
        let results = try context.parallelMap(Array(parts.indices)) { [node, parts] index in
            let partial = parts[index].partial
            return (keys: partial.keyColumns(node), aggregates: try partial.finish(node))
        }
        guard !node.groups.isEmpty else { return (results[0].keys, results[0].aggregates, [0]) }
        let firstRows = parts.flatMap(\.partial.firstRows)
        guard parts.count > 1 else { return (results[0].keys, results[0].aggregates, firstRows) }
        let order = firstRows.indices.sorted { firstRows[$0] < firstRows[$1] }
        func joined(_ columns: [Column], _ type: DataType) -> Column {
            Column.concat(columns, type: type).gather(order)
        }
        return (
            node.groups.enumerated().map { position, group in
                joined(results.map { $0.keys[position] }, group.column.type)
            },
            node.aggregates.indices.map { index in
                let columns = results.map { $0.aggregates[index] }
                let filled = columns.first { $0.count > 0 } ?? columns[0]
                return joined(columns, filled.type)
            }, order.map { firstRows[$0] }
        )
    }
}
