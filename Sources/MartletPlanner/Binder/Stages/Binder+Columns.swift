import MartletData
import MartletSyntax

/// `extend`, `select`, `rename`: which columns there are and what they are called.
extension Binder {
    /// Items do not see each other: each is computed over the stage's input. A name that is there already is replaced, at
    /// its place.
    func bindExtend(_ items: [Item], _ stage: Stage, _ pipeline: inout Pipeline, _ locals: [String: BoundExpr]) {
        let context = context(pipeline, locals)
        var entries: [(ScopeEntry, BoundExpr)] = []
        var isSound = true
        for item in items {
            guard case .expression(let expr, let alias) = item.kind else {
                report(.wrongArgument, "`extend` keeps all columns anyway", at: item.span, help: "leave out the `*`")
                isSound = false
                continue
            }
            guard let bound = bind(expr, context) else {
                isSound = false
                continue
            }
            let name = alias?.text ?? name(of: expr)
            if let other = entries.first(where: { same($0.0.name, name) }) {
                _ = other
                report(.duplicateName, "`\(name)` is given twice in one `extend`", at: alias?.span ?? item.span)
                isSound = false
                continue
            }
            let column = newColumn(name, bound.type)
            entries.append(
                (
                    ScopeEntry(column: column, name: name, qualifier: nil, origin: origin(of: expr, bound, context)),
                    bound
                ))
        }
        guard isSound else {
            // Later stages may name what was meant.
            return
        }
        settle(context, &pipeline)
        pipeline.node = .extend(
            ExtendNode(input: pipeline.node, computed: entries.map { ComputedColumn($0.0.column, $0.1) }))
        for (entry, _) in entries { pipeline.scope.replaceOrAppend(entry) }
    }

    func bindSelect(_ items: [Item], _ stage: Stage, _ pipeline: inout Pipeline, _ locals: [String: BoundExpr]) {
        let context = context(pipeline, locals)
        var entries: [(entry: ScopeEntry, expr: BoundExpr, span: Span)] = []
        var isSound = true
        func add(_ entry: ScopeEntry, _ expr: BoundExpr, _ span: Span) {
            if let other = entries.first(where: { same($0.entry.column.name, entry.column.name) }) {
                report(
                    .duplicateName, "two columns would be called `\(entry.column.name)`", at: span,
                    secondary: [(other.span, "the first")], help: "name one of them: `… as other`")
                isSound = false
                return
            }
            // An id may stand once only: a second use of a column is a column of its own.
            var entry = entry
            if entries.contains(where: { $0.entry.column.id == entry.column.id }) {
                entry.column = newColumn(entry.column.name, entry.column.type)
            }
            entries.append((entry, expr, span))
        }
        for item in items {
            switch item.kind {
            case .star(let qualifier):
                let chosen =
                    qualifier.map { name in pipeline.scope.members(of: name.text).filter { $0.visibility == .visible } }
                    ?? pipeline.scope.visible
                if let qualifier, chosen.isEmpty {
                    report(
                        .unknownColumn, "nothing here is called `\(qualifier.text)`", at: qualifier.span,
                        help: didYouMean(qualifier.text, pipeline.scope.entries.compactMap(\.qualifier)))
                    isSound = false
                }
                for entry in chosen { add(entry, .column(entry.column.id, entry.column.type), item.span) }
            case .expression(let expr, let alias):
                guard let bound = bind(expr, context) else {
                    isSound = false
                    continue
                }
                let name = alias?.text ?? name(of: expr)
                if case .column(let id, let type) = bound,
                    let known = pipeline.scope.entries.first(where: { $0.column.id == id })
                {
                    var entry = known
                    entry.column = PlanColumn(id: id, name: name, type: type)
                    entry.name = name
                    entry.visibility = .visible
                    entry.isInGroup = false
                    if alias != nil { entry.qualifier = nil }
                    add(entry, bound, item.span)
                } else {
                    let column = newColumn(name, bound.type)
                    add(
                        ScopeEntry(
                            column: column, name: name, qualifier: nil, origin: origin(of: expr, bound, context)),
                        bound, item.span)
                }
            }
        }
        guard isSound else { return }
        settle(context, &pipeline)
        let kept = entries.map(\.entry.column.name)
        drop(
            pipeline.scope.visible.filter { old in !entries.contains { same($0.entry.name, old.name) } }, stage, kept,
            &pipeline)
        pipeline.node = .project(
            ProjectNode(
                input: pipeline.node, outputs: entries.map { ComputedColumn($0.entry.column, $0.expr) }))
        pipeline.scope.entries = entries.map(\.entry)
    }

    func bindRename(_ pairs: [Renaming], _ stage: Stage, _ pipeline: inout Pipeline) {
        var entries = pipeline.scope.entries
        var renamed: Set<Int> = []
        for pair in pairs {
            guard
                let place = pipeline.scope.entries.firstIndex(where: {
                    $0.visibility == .visible && same($0.column.name, pair.from.text)
                })
            else {
                reportMissing(pair.from, ExprContext(scope: pipeline.scope))
                return
            }
            guard renamed.insert(place).inserted else {
                return report(.duplicateName, "`\(pair.from.text)` is renamed twice", at: pair.from.span)
            }
            entries[place].column.name = pair.to.text
            entries[place].name = pair.to.text
            entries[place].isInGroup = false
            if pipeline.scope.entries[place].isInGroup { entries[place].qualifier = nil }
        }
        for pair in pairs
        where entries.filter({ $0.visibility == .visible && same($0.column.name, pair.to.text) }).count > 1 {
            return report(
                .duplicateName, "there is a column `\(pair.to.text)` already", at: pair.to.span,
                help: "rename that one as well, or leave it out with `select`")
        }
        for (place, entry) in pipeline.scope.entries.enumerated() where renamed.contains(place) {
            pipeline.scope.dropped.append(
                DroppedName(name: entry.name, span: stage.nameSpan, stage: "rename", kept: [entries[place].name]))
        }
        pipeline.scope.entries = entries
        let visible = pipeline.scope.visible.map(\.column)
        let hidden = pipeline.scope.entries.filter { $0.visibility != .visible }.map(\.column)
        pipeline.node = project(pipeline.node, visible + hidden)
    }

    /// Notes names that `stage` leaves behind.
    func drop(_ entries: [ScopeEntry], _ stage: Stage, _ kept: [String], _ pipeline: inout Pipeline) {
        for entry in entries {
            pipeline.scope.dropped.append(
                DroppedName(name: entry.name, span: stage.span, stage: source[stage.nameSpan].lowercased(), kept: kept))
        }
    }

    /// The name of a computed column that was given none: the last name in the expression, or its text.
    func name(of expr: Expr) -> String {
        switch expr.kind {
        case .name(let name): name.text
        case .field(_, let name): name.text
        case .cast(let inner, _, .doubleColon): name(of: inner)
        case .parameter(let name): name.text
        default: flatText(expr.span)
        }
    }

    /// `enc.embedding, line 5`: the model output that the value comes from, or the start of the expression.
    func origin(of expr: Expr, _ bound: BoundExpr, _ context: ExprContext) -> String {
        for infer in context.hoisted.reversed() {
            for output in infer.outputs where bound.columns.contains(output.column.id) {
                return "\(output.column.name), line \(lineNumber(expr.span))"
            }
        }
        let text = flatText(expr.span)
        return "\(text.count > 40 ? text.prefix(39) + "…" : text), line \(lineNumber(expr.span))"
    }
}
