extension Spelling {
    func query(_ query: Query) -> String {
        ([source(query.source)] + query.stages.map(stage)).joined(separator: " |> ")
    }

    func source(_ source: Source) -> String {
        switch source.kind {
        case .load(let path, let options, let alias): "load \(string(path))" + self.options(options) + self.alias(alias)
        case .from(let relation): "from " + self.relation(relation)
        }
    }

    func relation(_ relation: Relation) -> String {
        let text =
            switch relation.kind {
            case .named(let name): self.name(name)
            case .parameter(let name): "$" + name.text
            case .values(let rows): "values " + list(rows) { "(" + list($0.values) { expr($0) } + ")" }
            case .query(let query): "(\(self.query(query)))"
            }
        let columns = relation.columns.isEmpty ? "" : "(" + list(relation.columns, name) + ")"
        return text + alias(relation.alias) + columns
    }

    func item(_ item: Item) -> String {
        switch item.kind {
        case .expression(let value, let alias): expr(value) + self.alias(alias)
        case .star(let qualifier): qualifier.map { name($0) + ".*" } ?? "*"
        }
    }

    func orderKey(_ key: OrderKey) -> String {
        let nulls = key.nullsFirst.map { $0 ? " nulls first" : " nulls last" } ?? ""
        return expr(key.value) + (key.descending ? " desc" : "") + nulls
    }

    func body(_ body: Body) -> String {
        switch body.kind {
        case .pass: "pass"
        case .drop: "drop"
        case .fail(let message): "fail " + string(message)
        case .stages(let stages): stages.map(stage).joined(separator: " |> ")
        }
    }

    func stage(_ stage: Stage) -> String {
        switch stage.kind {
        case .where(let condition): return "where " + expr(condition)
        case .extend(let items): return "extend " + list(items, item)
        case .select(let items): return "select " + list(items, item)
        case .rename(let renamings): return "rename " + list(renamings) { name($0.from) + " as " + name($0.to) }
        case .limit(let count, let offset):
            return "limit " + integer(count) + (offset.map { " offset " + integer($0) } ?? "")
        case .orderBy(let keys): return "order by " + list(keys, orderKey)
        case .batch(.auto): return "batch auto"
        case .batch(.rows(let count)): return "batch rows " + integer(count)
        case .batch(.tokens(let count)): return "batch tokens " + integer(count)
        case .infer(let call, let outputs, let options, let onError):
            return "infer " + self.call(call) + (outputs.map(self.outputs) ?? "") + inferOptions(options)
                + self.onError(onError)
        case .route, .cascade, .split: return block(stage.kind)
        case .aggregate(let items, let groups):
            return "aggregate " + list(items, item) + (groups.isEmpty ? "" : " group by " + list(groups, item))
        case .distinct(let keys): return keys.isEmpty ? "distinct" : "distinct on (" + list(keys) { expr($0) } + ")"
        case .sample(let count, let percent): return "sample " + integer(count) + (percent ? " percent" : "")
        case .join(let relation, let left, let condition):
            return (left ? "left join " : "join ") + self.relation(relation) + " on " + expr(condition)
        case .nearest(let count, let relation, let similarity, let name):
            return "nearest " + integer(count) + " " + self.relation(relation) + " on " + expr(similarity) + alias(name)
        case .union(let relation): return "union " + self.relation(relation)
        case .unnest(let value, let name): return "unnest " + expr(value) + " as " + self.name(name)
        case .assert(let condition, let message):
            return "assert " + expr(condition) + (message.map { ", " + string($0) } ?? "")
        case .write(let path, let options): return "write " + string(path) + self.options(options)
        case .call(let call): return self.call(call, name: calledName(call.name))
        }
    }

    /// `route`, `cascade` or `split` on one line.
    private func block(_ kind: Stage.Kind) -> String {
        guard let block = Block(kind, self) else { preconditionFailure("bug: a stage without arms") }
        let arms = block.arms.map { arm in arm.head + (arm.body.map { " " + body($0) } ?? "") }
        return ([block.head] + arms + [block.tail]).joined(separator: " ")
    }
}
