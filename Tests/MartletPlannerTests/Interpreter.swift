import MartletData
import MartletPlanner

/// Runs plans the plainest way there is, all rows at once, with models that are functions of their arguments' texts. What
/// it counts is what rules save.
final class Interpreter {
    let files: [String: [[Value]]]
    let lets: [SharedPlan]
    /// Rows that went through a model, by the model's name.
    var rowsRun: [String: Int] = [:]
    /// Calls of a model on a whole table.
    var inferCalls = 0
    /// Cells read from files.
    var cellsRead = 0
    private var shared: [Int: Rows] = [:]

    init(files: [String: [[Value]]], lets: [SharedPlan] = []) {
        self.files = files
        self.lets = lets
    }

    struct Rows {
        var columns: [PlanColumn]
        var data: [Column]
        var count: Int
        /// For each row the place it had in the hole that an arm began with.
        var origins: [Int]

        init(columns: [PlanColumn], data: [Column], count: Int, origins: [Int]? = nil) {
            self.columns = columns
            self.data = data
            self.count = count
            self.origins = origins ?? Array(0..<count)
        }

        func place(_ id: ColumnID) -> Int { columns.firstIndex { $0.id == id }! }
        func gather(_ indices: [Int]) -> Rows {
            Rows(
                columns: columns, data: data.map { $0.gather(indices) }, count: indices.count,
                origins: indices.map { origins[$0] })
        }
        func value(_ expr: BoundExpr) throws -> Column {
            try Evaluator(columns: columns).evaluate(expr, data, rowCount: count)
        }
        func matching(_ predicate: BoundExpr) throws -> [Int] {
            try Evaluator(columns: columns).select(predicate, data, rowCount: count).setIndices
        }
        /// Rows as texts, for comparison.
        var texts: [[String]] { (0..<count).map { row in data.map { $0.value(row).text } } }
    }

    struct Failure: Error { var message: String }

    func run(_ node: LogicalNode, hole: Rows? = nil) throws -> Rows {
        switch node {
        case .load(let load):
            let rows = files[load.path]!
            let limited = load.rowLimit.map { Array(rows.prefix($0)) } ?? rows
            cellsRead += limited.count * load.positions.count
            return Rows(
                columns: load.columns,
                data: zip(load.positions, load.columns).map { place, column in
                    Column(limited.map { $0[place] }, type: column.type)
                }, count: limited.count)
        case .values(let values):
            let none = Rows(columns: [], data: [], count: 1)
            let cells = try values.rows.map { row in try row.map { try none.value($0).value(0) } }
            return Rows(
                columns: values.columns,
                data: values.columns.enumerated().map { place, column in
                    Column(cells.map { $0[place] }, type: column.type)
                },
                count: cells.count)
        case .table: throw Failure(message: "no tables here")
        case .shared(let node):
            let rows = try shared[node.number] ?? run(lets[node.number].root)
            shared[node.number] = rows
            return Rows(columns: node.columns, data: node.positions.map { rows.data[$0] }, count: rows.count)
        case .hole(let columns):
            return Rows(
                columns: columns, data: columns.map { hole!.data[hole!.place($0.id)] }, count: hole!.count,
                origins: hole!.origins)
        case .filter(let node):
            let rows = try run(node.input, hole: hole)
            return rows.gather(try rows.matching(node.predicate))
        case .extend(let node):
            var rows = try run(node.input, hole: hole)
            let added = try node.computed.map { try rows.value($0.expr) }
            rows.columns += node.computed.map(\.column)
            rows.data += added
            return rows
        case .project(let node):
            let rows = try run(node.input, hole: hole)
            return Rows(
                columns: node.outputs.map(\.column), data: try node.outputs.map { try rows.value($0.expr) },
                count: rows.count,
                origins: rows.origins)
        case .limit(let node):
            let rows = try run(node.input, hole: hole)
            return rows.gather(Array((0..<rows.count).dropFirst(node.offset).prefix(node.count)))
        case .sort(let node):
            let rows = try run(node.input, hole: hole)
            let keys = node.keys.map { (rows.data[rows.place($0.column.id)], $0) }
            return rows.gather(
                (0..<rows.count).sorted { a, b in
                    for (column, key) in keys {
                        let (x, y) = (column.value(a), column.value(b))
                        if x.isNull != y.isNull { return x.isNull == key.nullsFirst }
                        let order = order(x, y)
                        if order != 0 { return (order < 0) != key.descending }
                    }
                    return a < b
                })
        case .infer(let node):
            var rows = try run(node.input, hole: hole)
            inferCalls += 1
            let outputs = try infer(node.call, rows)
            rows.columns += node.outputs.map(\.column) + node.onError.columns
            rows.data += node.outputs.map { outputs[$0.position] }
            rows.data += node.onError.columns.map { .nulls($0.type, count: rows.count) }
            return rows
        case .route(let node): return try route(node, hole)
        case .cascade(let node): return try cascade(node, hole)
        case .aggregate(let node): return try aggregate(node, hole)
        case .distinct(let node):
            let rows = try run(node.input, hole: hole)
            let places = node.keys.map { rows.place($0) }
            var seen: Set<[Value]> = []
            return rows.gather(
                (0..<rows.count).filter { row in seen.insert(places.map { rows.data[$0].value(row) }).inserted })
        case .union(let node):
            let parts = try node.inputs.map { try run($0, hole: hole) }
            return Rows(
                columns: node.columns,
                data: node.columns.enumerated().map { place, column in
                    Column.concat(parts.map { $0.data[place] }, type: column.type)
                }, count: parts.reduce(0) { $0 + $1.count })
        case .unnest(let node):
            var rows = try run(node.input, hole: hole)
            let values = try rows.value(node.value)
            var places: [Int] = []
            var elements: [Value] = []
            for row in 0..<rows.count {
                guard case .list(let items) = values.value(row) else { continue }
                places += items.map { _ in row }
                elements += items
            }
            rows = rows.gather(places)
            rows.columns.append(node.column)
            rows.data.append(Column(elements, type: node.column.type))
            return rows
        case .join(let node):
            let rows = try run(node.input, hole: hole)
            let other = try run(node.relation, hole: hole)
            let equal = FunctionTable.known("=")
            let keys = node.keys.map { BoundExpr.call(FunctionCall(equal, [$0.left, $0.right], type: .bool)) }
            let condition = BoundExpr.all(keys + (node.condition.map { [$0] } ?? []))
            var pairs: [(Int, Int)] = []
            for row in 0..<rows.count {
                let found = try (0..<other.count).filter { partner in
                    var both = rows.gather([row])
                    both.columns += other.columns
                    both.data += other.data.map { $0.gather([partner]) }
                    return try !both.matching(condition).isEmpty
                }
                pairs += (found.isEmpty && node.isLeft ? [-1] : found).map { (row, $0) }
            }
            var joined = rows.gather(pairs.map(\.0))
            joined.columns += other.columns
            joined.data += other.data.map { $0.gather(pairs.map(\.1)) }
            return joined
        case .nearest(let node):
            let rows = try run(node.input, hole: hole)
            let other = try run(node.relation, hole: hole)
            let sign: Double = node.function.name == "l2" ? 1 : -1
            var pairs: [(Int, Int, Value)] = []
            for row in 0..<rows.count {
                var near: [(Double, Int, Value)] = []
                for document in 0..<other.count {
                    var both = rows.gather([row])
                    both.columns += other.columns
                    both.data += other.data.map { $0.gather([document]) }
                    let call = FunctionCall(node.function, [node.query, node.document], type: .float)
                    let value = try both.value(.call(call)).value(0)
                    if case .float(let x) = value, !x.isNaN { near.append((x * sign, document, value)) }
                }
                near.sort { ($0.0, $0.1) < ($1.0, $1.1) }
                pairs += near.prefix(node.count).map { (row, $0.1, $0.2) }
            }
            var joined = rows.gather(pairs.map(\.0))
            joined.columns += other.columns + [node.similarity]
            joined.data += other.data.map { $0.gather(pairs.map(\.1)) } + [Column(pairs.map(\.2), type: .float)]
            return joined
        case .sample(let node):
            // Any choice by places alone will do.
            let rows = try run(node.input, hole: hole)
            switch node.size {
            case .rows(let count): return rows.gather(Array((0..<rows.count).suffix(count)))
            case .percent: return rows.gather((0..<rows.count).filter { $0 % 3 != 1 })
            }
        case .assert(let node):
            let rows = try run(node.input, hole: hole)
            guard try rows.matching(node.predicate).count == rows.count else { throw Failure(message: node.message) }
            return rows
        case .write(let node):
            _ = try run(node.input, hole: hole)
            return Rows(columns: [], data: [], count: 0)
        case .fail(let node):
            guard try run(node.input, hole: hole).count == 0 else { throw Failure(message: node.message) }
            return Rows(columns: [], data: [], count: 0)
        case .drop: return Rows(columns: [], data: [], count: 0)
        }
    }

    /// A label and a score that depend on the model and the text alone; other outputs are null.
    private func infer(_ call: ModelCall, _ rows: Rows) throws -> [Column] {
        let arguments = try call.arguments.map { try rows.value($0) }
        var cells: [[Value]] = []
        for row in 0..<rows.count {
            guard !arguments.contains(where: { $0.isNull(row) }) else {
                cells.append(call.model.signature.outputs.map { _ in .null })
                continue
            }
            rowsRun[call.model.name, default: 0] += 1
            let text = call.model.path + arguments.map { $0.value(row).text }.joined()
            let seed = text.utf8.reduce(7) { ($0 * 31 + Int($1)) % 1_009 }
            cells.append(
                call.model.signature.outputs.map { output in
                    switch output.type {
                    case .labels(let members): .string(members[seed % members.count])
                    case .float: .float(Double(seed % 100) / 100)
                    default: .null
                    }
                })
        }
        return call.model.signature.outputs.enumerated().map { place, output in
            Column(cells.map { $0[place] }, type: output.type)
        }
    }

    private func route(_ node: RouteNode, _ hole: Rows?) throws -> Rows {
        let rows = try run(node.input, hole: hole)
        var open = Array(0..<rows.count)
        var parts: [(rows: [Int], data: [Column])] = []
        for arm in node.arms {
            let left = rows.gather(open)
            let taken = try arm.condition.map { try left.matching($0) } ?? Array(0..<left.count)
            var entering = left.gather(taken)
            entering.origins = Array(0..<entering.count)
            let result = try run(arm.body, hole: entering)
            if let rejoins = arm.rejoins {
                let data = zip(rejoins, node.columns).map { id, column in
                    id.map { Column.concat([result.data[result.place($0)]], type: column.type) }
                        ?? .nulls(column.type, count: result.count)
                }
                parts.append((result.origins.map { open[taken[$0]] }, data))
            }
            let gone = Set(taken)
            open = open.enumerated().filter { !gone.contains($0.offset) }.map(\.element)
        }
        let origins = parts.flatMap(\.rows)
        let sorted = origins.indices.sorted { origins[$0] < origins[$1] }
        return Rows(
            columns: node.columns,
            data: node.columns.enumerated().map { place, column in
                Column.concat(parts.map { $0.data[place] }, type: column.type).gather(sorted)
            }, count: sorted.count, origins: sorted.map { rows.origins[origins[$0]] })
    }

    private func cascade(_ node: CascadeNode, _ hole: Rows?) throws -> Rows {
        var rows = try run(node.input, hole: hole)
        var cells = [[Value]](repeating: [], count: rows.count)
        var names = [Value](repeating: .null, count: rows.count)
        var open = Array(0..<rows.count)
        for tier in node.tiers {
            var inner = try run(tier.body, hole: rows.gather(open))
            let outputs = try infer(tier.call, inner)
            inner.columns += node.outputs
            inner.data += zip(tier.positions, node.outputs).map { Column.concat([outputs[$0]], type: $1.type) }
            let done = Set(try tier.until.map { try inner.matching($0) } ?? Array(0..<inner.count))
            for (place, row) in open.enumerated() {
                cells[row] = tier.positions.map { outputs[$0].value(place) }
                names[row] = .string(tier.call.model.name)
            }
            open = open.enumerated().filter { !done.contains($0.offset) }.map(\.element)
        }
        rows.columns += node.outputs + (node.tierColumn.map { [$0] } ?? []) + node.onError.columns
        rows.data += node.outputs.enumerated().map { place, column in Column(cells.map { $0[place] }, type: column.type)
        }
        if node.tierColumn != nil { rows.data.append(Column(names, type: .string)) }
        rows.data += node.onError.columns.map { .nulls($0.type, count: rows.count) }
        return rows
    }

    private func aggregate(_ node: AggregateNode, _ hole: Rows?) throws -> Rows {
        let rows = try run(node.input, hole: hole)
        let keys = try node.groups.map { try rows.value($0.expr) }
        var numbers: [[Value]: Int] = [:]
        var firsts: [Int] = []
        let ids = (0..<rows.count).map { row in
            let key = keys.map { $0.value(row) }
            if let known = numbers[key] { return known }
            numbers[key] = firsts.count
            firsts.append(row)
            return firsts.count - 1
        }
        let count = node.groups.isEmpty ? 1 : firsts.count
        // Two halves that are merged, as morsels are.
        let half = rows.count / 2
        let data = try node.aggregates.map { column -> Column in
            let arguments = try column.call.arguments.map { try rows.value($0) }
            let info = FunctionArguments(
                types: column.call.arguments.map(\.type), constants: column.call.arguments.map(\.constantValue))
            var first = column.call.aggregate.makeState(info, column.call.type)
            var second = column.call.aggregate.makeState(info, column.call.type)
            try first.update(arguments.map { $0.slice(0..<half) }, groups: Array(ids[..<half]), groupCount: count)
            try second.update(
                arguments.map { $0.slice(half..<rows.count) }, groups: Array(ids[half...]), groupCount: count)
            try first.merge(second, mapping: Array(0..<count), groupCount: count)
            return try first.finish(groupCount: count)
        }
        return Rows(
            columns: node.groups.map(\.column) + node.aggregates.map(\.column),
            data: keys.map { $0.gather(firsts) } + data, count: count)
    }
}

/// The rows of a query without tables, as texts.
func result(_ text: String) throws -> [[String]] {
    let query = try query(text)
    return try Interpreter(files: [:], lets: query.lets).run(query.root).texts
}

/// The value of an expression.
func value(_ expression: String) throws -> String {
    try result("from values (1) as one(one) |> select \(expression) as v")[0][0]
}
