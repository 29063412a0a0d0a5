import MartletData
import MartletSupport
import MartletSyntax

extension Binder {
    /// nil when the source is in error; stages after an error in a stage are still bound.
    func bind(_ query: Query) -> Pipeline? {
        guard var pipeline = bind(query.source) else { return nil }
        bind(query.stages, &pipeline, place: .query, locals: [:])
        return pipeline
    }

    private func bind(_ source: Source) -> Pipeline? {
        switch source.kind {
        case .load(let path, let options, let alias):
            guard let values = constants(options) else { return nil }
            do {
                let file = try catalog.data(path: path.value, options: values)
                let columns = file.schema.fields.map { newColumn($0.name, $0.type) }
                let node = LoadNode(
                    path: path.value, options: values, file: file, columns: columns,
                    positions: Array(columns.indices), rowLimit: nil)
                return start(.load(node), qualifier: alias?.text, origin: path.value)
            } catch {
                report(error, at: path.span, options: options)
                return nil
            }
        case .from(let relation): return bind(relation)
        }
    }

    func bind(_ relation: Relation) -> Pipeline? {
        guard var pipeline = bindUnnamed(relation) else { return nil }
        if let alias = relation.alias {
            for index in pipeline.scope.entries.indices where !pipeline.scope.entries[index].isInGroup {
                pipeline.scope.entries[index].qualifier = alias.text
            }
        }
        guard !relation.columns.isEmpty else { return pipeline }
        let visible = pipeline.scope.visible
        guard visible.count == relation.columns.count else {
            report(
                .valuesShape,
                "\(counted(relation.columns.count, "name")) for \(counted(visible.count, "column"))",
                at: relation.columns[0].span.union(relation.columns[relation.columns.count - 1].span))
            return nil
        }
        var renamed: [ScopeEntry] = []
        for (entry, name) in zip(visible, relation.columns) {
            if renamed.contains(where: { same($0.name, name.text) }) {
                report(.duplicateName, "`\(name.text)` is given twice", at: name.span)
                return nil
            }
            var entry = entry
            entry.name = name.text
            entry.column.name = name.text
            entry.isInGroup = false
            entry.qualifier = relation.alias?.text
            renamed.append(entry)
        }
        pipeline.scope.entries = renamed
        let columns = renamed.map(\.column)
        if pipeline.node.columns != columns { pipeline.node = project(pipeline.node, columns) }
        return pipeline
    }

    private func bindUnnamed(_ relation: Relation) -> Pipeline? {
        switch relation.kind {
        case .named(let name): return named(name)
        case .parameter(let name):
            guard let table = environment.tableParameter(name.text) else {
                let isScalar = environment.parameter(name.text) != nil
                report(
                    .unknownParameter,
                    isScalar
                        ? "`$\(name.text)` is a value, not a table" : "there is no table parameter `$\(name.text)`",
                    at: name.span,
                    help: isScalar
                        ? "`from values ($\(name.text)) as t(\(name.text))` makes a row of it"
                        : didYouMean(name.text, environment.tableParameters.map(\.name))
                            ?? "declare it: `param \(name.text) table (column type, …)`")
                return nil
            }
            return hostTable(table.name, table.schema, isParameter: true)
        case .values(let rows): return values(rows, named: relation.columns.map(\.text))
        case .query(let query):
            guard let inner = bind(query), let sealed = seal(inner, span: query.span) else { return nil }
            if let span = inner.written {
                report(.afterWrite, "the inner query has no rows to go on with", at: span, "`write` takes them all")
                return nil
            }
            var pipeline = Pipeline(node: sealed, scope: Scope(), batch: .auto, isComplete: inner.isComplete)
            // Provenance outlives the brackets.
            let origins = Dictionary(
                inner.scope.entries.map { ($0.column.id, $0.origin) }, uniquingKeysWith: { first, _ in first })
            let groups = inner.scope.visibleGroups
            pipeline.scope.entries = sealed.columns.enumerated().map { place, column in
                entry(column, qualifier: nil, group: groups[place], origin: origins[column.id] ?? nil)
            }
            pipeline.scope.dropped = inner.scope.dropped
            return pipeline
        }
    }

    /// `1 name`, `2 names`
    private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    private func named(_ name: Name) -> Pipeline? {
        if isBroken(name) { return nil }
        if let number = environment.letNumber(name.text) {
            let columns = environment.lets[number].root.columns.map { newColumn($0.name, $0.type) }
            return start(
                .shared(
                    SharedNode(
                        number: number, name: environment.lets[number].name, columns: columns,
                        positions: Array(columns.indices))),
                qualifier: name.text, origin: name.text, groups: environment.lets[number].groups)
        }
        if let schema = catalog.table(name.text) { return hostTable(name.text, schema, isParameter: false) }
        let known = environment.letNames + catalog.tableNames
        var help = didYouMean(name.text, known)
        if environment.model(name.text) != nil {
            help = "`\(name.text)` is a model: `… |> infer \(name.text)(…)` runs it on rows"
        } else if name.text == "_" {
            help = "`_` is the last result in the shell, and there is none"
        } else if environment.tableParameter(name.text) != nil {
            help = "parameters have a dollar: `from $\(name.text)`"
        }
        report(
            .unknownRelation, "there is nothing called `\(name.text)` to take rows from", at: name.span,
            help: help ?? "`load 'file'` reads a file, `let \(name.text) = …` names a query")
        return nil
    }

    private func hostTable(_ name: String, _ schema: Schema, isParameter: Bool) -> Pipeline {
        let columns = schema.fields.map { newColumn($0.name, $0.type) }
        return start(
            .table(
                TableNode(
                    name: name, key: isParameter ? name : catalog.key(ofTable: name), isParameter: isParameter,
                    schema: schema, columns: columns,
                    positions: Array(columns.indices))),
            qualifier: name, origin: isParameter ? "$\(name)" : name)
    }

    /// `names` are those of `as t(…)`, so that plans and messages have them; their number is checked elsewhere.
    private func values(_ rows: [Row], named names: [String]) -> Pipeline? {
        var bound: [[BoundExpr]] = []
        var isSound = true
        for row in rows {
            guard row.values.count == rows[0].values.count else {
                report(
                    .valuesShape,
                    "this row has \(counted(row.values.count, "value")), the first has \(rows[0].values.count)",
                    at: row.span, secondary: [(rows[0].span, "the first row")])
                return nil
            }
            let context = ExprContext(scope: Scope(), models: .forbidden("`values`"))
            let cells = row.values.map { bind($0, context) }
            if cells.contains(where: { $0 == nil }) { isSound = false } else { bound.append(cells.compactMap { $0 }) }
        }
        guard isSound else { return nil }
        var types = bound[0].map(\.type)
        for (rowNumber, row) in bound.enumerated() {
            for (place, cell) in row.enumerated() {
                guard let type = types[place].unified(with: cell.type) else {
                    report(
                        .branchTypes, "column \(place + 1) is \(types[place].text) above and \(cell.type.text) here",
                        at: rows[rowNumber].values[place].span)
                    return nil
                }
                types[place] = type
            }
        }
        let columns = types.enumerated().map { place, type in
            newColumn(place < names.count ? names[place] : "col\(place)", type)
        }
        let cells = bound.map { row in row.enumerated().map { convert($1, to: types[$0]) } }
        return start(.values(ValuesNode(columns: columns, rows: cells)), qualifier: nil, origin: "values")
    }

    private func start(
        _ node: LogicalNode, qualifier: String?, origin: String, groups: [OutputGroup?] = []
    ) -> Pipeline {
        var scope = Scope()
        scope.entries = node.columns.enumerated().map { place, column in
            entry(
                column, qualifier: qualifier, group: place < groups.count ? groups[place] : nil,
                origin: "\(origin), column \(column.name)")
        }
        return Pipeline(node: node, scope: scope, batch: environment.settings.batch)
    }

    private func entry(_ column: PlanColumn, qualifier: String?, group: OutputGroup?, origin: String?) -> ScopeEntry {
        ScopeEntry(
            column: column, name: group?.member ?? column.name, qualifier: group?.qualifier ?? qualifier,
            isInGroup: group != nil, origin: origin)
    }

    /// `node` with exactly `columns` of it, under their names here.
    func project(_ node: LogicalNode, _ columns: [PlanColumn]) -> LogicalNode {
        .project(ProjectNode(input: node, outputs: columns.map { ComputedColumn($0, .column($0.id, $0.type)) }))
    }

    /// The plan with just the visible columns under their names, nil after a report of names that clash.
    func seal(_ pipeline: Pipeline, span: Span) -> LogicalNode? {
        if pipeline.written != nil { return pipeline.node }
        guard pipeline.isComplete else { return nil }
        let wanted = pipeline.scope.visible.map(\.column)
        var seen: Set<String> = []
        for column in wanted where !seen.insert(column.name.lowercased()).inserted {
            report(
                .duplicateName, "two columns are called `\(column.name)`", at: span,
                help: "give one another name with `rename` or `as`")
            return nil
        }
        return pipeline.node.columns == wanted ? pipeline.node : project(pipeline.node, wanted)
    }
}
