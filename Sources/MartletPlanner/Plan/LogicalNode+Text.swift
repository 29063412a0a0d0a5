import MartletData

extension LogicalNode {
    /// The plan as text: one line for each operator in the order in which rows go through, arms and tiers indented.
    package var dump: String { lines(indent: 0).joined(separator: "\n") + "\n" }

    private func lines(indent: Int) -> [String] {
        let margin = String(repeating: "  ", count: indent)
        var result: [String] = []
        if case .union(let node) = self {
            result.append(margin + title)
            for input in node.inputs { result += input.lines(indent: indent + 1) }
            return result
        }
        // What is beside the way that rows take stands below the operator, indented.
        let main = inputs.prefix(1)
        let side = inputs.dropFirst()
        for input in main { result += input.lines(indent: indent) }
        if case .hole = self { return [] }
        result.append(margin + title)
        for input in side { result += input.lines(indent: indent + 1) }
        switch self {
        case .route(let node):
            let names = Self.names(node.input)
            for arm in node.arms {
                let condition = arm.condition.map { "when \($0.text(names))" } ?? "else"
                result.append("\(margin)  \(condition) as \(arm.name)")
                result += arm.body.lines(indent: indent + 2)
            }
        case .cascade(let node):
            for tier in node.tiers {
                let names = Self.names(tier.body)
                    .merging(node.outputs.map { ($0.id, $0.name) }) { first, _ in first }
                let until = tier.until.map { " until \($0.text(names))" } ?? ""
                result.append("\(margin)  try \(tier.call.text(names))\(until)")
                result += tier.body.lines(indent: indent + 2)
            }
            if let calibration = node.calibration {
                result.append("\(margin)  \(calibration.title)")
                result += calibration.answers.lines(indent: indent + 2)
            }
        default: break
        }
        return result
    }

    /// One line: the operator and its arguments.
    package var title: String {
        let names = inputs.first.map(Self.names) ?? [:]
        func list(_ columns: [PlanColumn]) -> String { columns.map(\.name).joined(separator: ", ") }
        func computed(_ columns: [ComputedColumn]) -> String {
            columns.map { item in
                // A column that its region has computed already has no name below.
                if item.isPassedOn, names[item.column.id] == nil { return item.column.name }
                let text = item.expr.text(names)
                return text == item.column.name ? text : "\(text) as \(item.column.name)"
            }.joined(separator: ", ")
        }
        switch self {
        case .load(let node):
            let limit = node.rowLimit.map { ", at most \($0) rows" } ?? ""
            return "load '\(node.path)' (\(node.file.format); reads \(list(node.columns))\(limit))"
        case .values(let node): return "values (\(node.rows.count) rows; \(list(node.columns)))"
        case .table(let node): return "from \(node.isParameter ? "$" : "")\(node.name) (reads \(list(node.columns)))"
        case .shared(let node): return "from \(node.name) (reads \(list(node.columns)))"
        case .hole: return "rows"
        case .filter(let node): return "where \(node.predicate.text(names))"
        case .extend(let node): return "extend \(computed(node.computed))"
        case .project(let node): return "select \(computed(node.outputs))"
        case .limit(let node): return "limit \(node.count)\(node.offset > 0 ? " offset \(node.offset)" : "")"
        case .sort(let node):
            let keys = node.keys.map { key in
                "\(names[key.column.id] ?? key.column.name)\(key.descending ? " desc" : "")"
                    + "\(key.nullsFirst == key.descending ? "" : key.nullsFirst ? " nulls first" : " nulls last")"
            }
            return "order by \(keys.joined(separator: ", "))"
        case .infer(let node):
            return "infer \(node.call.text(names)) as (\(list(node.outputs.map(\.column))))"
                + node.stateText(names) + node.onError.text
        case .route: return "route"
        case .cascade(let node): return "cascade as (\(list(node.outputs)))\(node.onError.text)"
        case .aggregate(let node):
            let aggregates = node.aggregates.map { item in
                let arguments = item.call.arguments.map { $0.text(names) }.joined(separator: ", ")
                let call = "\(item.call.aggregate.name)(\(arguments))"
                return "\(call) as \(item.column.name)"
            }
            let groups = node.groups.isEmpty ? "" : " group by \(computed(node.groups))"
            return "aggregate \(aggregates.joined(separator: ", "))\(groups)"
        case .distinct(let node):
            return node.keys.isEmpty
                ? "distinct" : "distinct on (\(node.keys.map { names[$0] ?? "#\($0.number)" }.joined(separator: ", ")))"
        case .unnest(let node): return "unnest \(node.value.text(names)) as \(node.column.name)"
        case .join(let node):
            let names = names.merging(Self.names(node.relation, of: node.name, beside: node.input)) { first, _ in first
            }
            let equal = node.keys.map { "\($0.left.text(names)) = \($0.right.text(names))" }
            let parts = equal + (node.condition.map { [$0.text(names)] } ?? [])
            let relation = node.name.map { " \($0)" } ?? ""
            return "\(node.isLeft ? "left " : "")join\(relation) on \(parts.joined(separator: " and "))"
        case .nearest(let node):
            let names = names.merging(Self.names(node.relation, of: node.name, beside: node.input)) { first, _ in first
            }
            let pair = "\(node.query.text(names)), \(node.document.text(names))"
            return "nearest \(node.count)\(node.name.map { " \($0)" } ?? "") on \(node.function.name)(\(pair))"
        case .sample(let node):
            switch node.size {
            case .rows(let count): return "sample \(count)"
            case .percent(let share): return "sample \(share) percent"
            }
        case .union(let node): return "union of \(node.inputs.count)"
        case .assert(let node): return "assert \(node.predicate.text(names))"
        case .write(let node): return "write '\(node.path)'"
        case .fail(let node): return "fail '\(node.message)'"
        case .drop: return "drop"
        }
    }

    /// Names of a relation's columns beside those of `left`: with the relation's name where they would not be clear.
    private static func names(_ right: LogicalNode, of name: String?, beside left: LogicalNode) -> [ColumnID: String] {
        let taken = Set(left.columns.map { $0.name.lowercased() })
        return names(right).mapValues { column in
            guard let name, taken.contains(column.lowercased()) else { return column }
            return "\(name).\(column)"
        }
    }

    private static func names(_ node: LogicalNode) -> [ColumnID: String] {
        Dictionary(node.columns.map { ($0.id, $0.name) }) { first, _ in first }
    }
}

extension ModelCall {
    /// `small(text)`; arguments behind an input that has none are named.
    package func text(_ names: [ColumnID: String]) -> String {
        let parts = zip(arguments, positions).enumerated().map { place, part in
            let name = part.1 == place ? "" : "\(model.signature.inputs[part.1].name) => "
            return name + part.0.text(names)
        }
        return "\(model.name)(\(parts.joined(separator: ", ")))"
    }
}

extension ErrorPolicy {
    /// ` on error keep as err`; empty for the default.
    package var text: String {
        switch self {
        case .fail: ""
        case .null: " on error null"
        case .drop: " on error drop"
        case .keep(let column): " on error keep as \(column.name)"
        }
    }
}
