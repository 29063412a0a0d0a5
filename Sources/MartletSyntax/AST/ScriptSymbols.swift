/// What a script names (models, parameters, lets, definitions), and every place that means it: for editors.
///
/// Names are found by where they stand, without binding: `tone(x)` is a model's or a definition's, `$sure` a parameter's, `from docs`
/// a let's. Columns are not among them.
package struct ScriptSymbols: Sendable {
    package enum Kind: String, Sendable {
        case model, parameter, `let`, define
    }

    package struct Symbol: Sendable {
        package var kind: Kind
        package var name: String
        /// Where it is declared, the name alone.
        package var declaration: Span
        /// The whole statement.
        package var statement: Span
        /// All places that mean it, the declaration among them, in the order of the text.
        package var occurrences: [Span]
    }

    package private(set) var symbols: [Symbol] = []

    package init(_ parsed: ParsedScript) {
        for statement in parsed.script.statements {
            switch statement.kind {
            case .model(let name, _, _, _): declare(.model, name, statement)
            case .param(let name, _, _), .tableParam(let name, _): declare(.parameter, name, statement)
            case .let(let name, _): declare(.let, name, statement)
            case .define(let name, _, _): declare(.define, name, statement)
            default: break
            }
        }
        for statement in parsed.script.statements { visit(statement.kind) }
        for index in symbols.indices { symbols[index].occurrences.sort { $0.start < $1.start } }
    }

    /// The symbol that stands at a byte, or ends there.
    package func symbol(at offset: Int) -> Symbol? {
        symbols.first { symbol in symbol.occurrences.contains { $0.contains(offset) || $0.end == offset } }
    }

    private mutating func declare(_ kind: Kind, _ name: Name, _ statement: Statement) {
        guard !name.span.isEmpty else { return }
        symbols.append(
            Symbol(
                kind: kind, name: name.text, declaration: name.span, statement: statement.span,
                occurrences: [name.span]))
    }

    /// Notes a place that means the last declaration of a name.
    private mutating func refer(_ name: Name, _ kinds: Kind...) {
        guard !name.span.isEmpty,
            let index = symbols.lastIndex(where: {
                kinds.contains($0.kind) && $0.name.lowercased() == name.text.lowercased()
            }), !symbols[index].occurrences.contains(name.span)
        else { return }
        symbols[index].occurrences.append(name.span)
    }

    // MARK: Visiting

    private mutating func visit(_ kind: Statement.Kind) {
        switch kind {
        case .model(_, let path, _, let options):
            visit(path)
            for option in options { visit(option.value) }
        case .param(_, _, let value): if let value { visit(value) }
        case .tableParam, .show: break
        case .define(_, _, .expression(let body)): visit(body)
        case .define(_, _, .stages(let stages)): for stage in stages { visit(stage) }
        case .let(_, let query), .explain(_, let query), .query(let query): visit(query)
        case .set(_, let value): visit(value)
        case .describe(let name): refer(name, .model, .let, .parameter)
        }
    }

    private mutating func visit(_ query: Query) {
        switch query.source.kind {
        case .load(_, let options, _): for option in options { visit(option.value) }
        case .from(let relation): visit(relation)
        }
        for stage in query.stages { visit(stage) }
    }

    private mutating func visit(_ relation: Relation) {
        switch relation.kind {
        case .named(let name): refer(name, .let)
        case .parameter(let name): refer(name, .parameter)
        case .values(let rows): for row in rows { for value in row.values { visit(value) } }
        case .query(let query): visit(query)
        }
    }

    private mutating func visit(_ stage: Stage) {
        switch stage.kind {
        case .where(let value), .unnest(let value, _), .assert(let value, _): visit(value)
        case .extend(let items), .select(let items): visit(items)
        case .rename, .limit, .batch, .sample: break
        case .orderBy(let keys): for key in keys { visit(key.value) }
        case .infer(let call, _, let options, _):
            visit(call)
            for option in options.others { visit(option.value) }
        case .route(let route):
            for arm in route.arms {
                visit(arm.condition)
                visit(arm.body)
            }
            visit(route.otherwise)
        case .cascade(let cascade):
            for tier in cascade.tiers {
                visit(tier.call)
                visit(tier.until)
            }
            visit(cascade.last)
            for option in cascade.options { visit(option.value) }
        case .split(let split):
            visit(split.key)
            for arm in split.arms { visit(arm.body) }
        case .aggregate(let items, let keys):
            visit(items)
            visit(keys)
        case .distinct(let keys): for key in keys { visit(key) }
        case .join(let relation, _, let condition), .nearest(_, let relation, let condition, _):
            visit(relation)
            visit(condition)
        case .union(let relation): visit(relation)
        case .write(_, let options): for option in options { visit(option.value) }
        case .call(let call): visit(call)
        }
    }

    private mutating func visit(_ body: Body) {
        if case .stages(let stages) = body.kind { for stage in stages { visit(stage) } }
    }

    private mutating func visit(_ items: [Item]) {
        for item in items {
            switch item.kind {
            case .expression(let value, _): visit(value)
            case .star(let relation): if let relation { refer(relation, .let) }
            }
        }
    }

    private mutating func visit(_ call: Call) {
        refer(call.name, .model, .define)
        // The first argument of `token_count` is a model.
        if call.name.text.lowercased() == "token_count", case .name(let model)? = call.arguments.first?.value?.kind {
            refer(model, .model)
        }
        for argument in call.arguments { if let value = argument.value { visit(value) } }
    }

    private mutating func visit(_ expr: Expr) {
        switch expr.kind {
        case .parameter(let name): refer(name, .parameter)
        case .call(let call): visit(call)
        case .field(let value, _):
            if case .name(let relation) = value.kind { refer(relation, .let) } else { visit(value) }
        default: for child in expr.kind.children { visit(child) }
        }
    }
}
