import MartletData
import MartletSyntax

/// Where stages stand.
enum StagePlace {
    case query
    /// An arm of the route or split that is named.
    case arm(of: String)
}

extension Binder {
    func bind(_ stages: [Stage], _ pipeline: inout Pipeline, place: StagePlace, locals: [String: BoundExpr]) {
        for stage in stages {
            if let written = pipeline.written {
                report(
                    .afterWrite, "nothing comes after `write`", at: stage.nameSpan,
                    secondary: [(written, "the rows go here")],
                    help: "move the `write` to the end")
                return
            }
            bind(stage, &pipeline, place, locals)
        }
    }

    private func bind(_ stage: Stage, _ pipeline: inout Pipeline, _ place: StagePlace, _ locals: [String: BoundExpr]) {
        let name = stageName(stage.kind)
        guard let entry = StageTable.all[name] else {
            if case .call(let call) = stage.kind {
                bindStageCall(call, &pipeline, place, locals)
            } else {
                reportUnknownStage(name, stage.nameSpan)
                pipeline.isComplete = false
            }
            return
        }
        if case .arm(let owner) = place, !entry.isRowWise {
            return report(
                .misplacedStage, "`\(name)` cannot stand in an arm of `\(owner)`", at: stage.nameSpan,
                help: "move it behind the `end`", notes: ["in an arm each row goes its way without looking at others"])
        }
        pipeline.length += 1
        guard pipeline.length <= Pipeline.longest else {
            if pipeline.isComplete {
                report(
                    .planTooLarge, "a query of more than \(Pipeline.longest) stages and model calls",
                    at: stage.nameSpan,
                    help: "name a part of it with `let`, and read that twice")
            }
            pipeline.isComplete = false
            return
        }
        let errors = errorCount
        let outerStage = currentStage
        currentStage = name
        defer { currentStage = outerStage }
        switch stage.kind {
        case .where(let expr): bindWhere(expr, &pipeline, locals)
        case .extend(let items): bindExtend(items, stage, &pipeline, locals)
        case .select(let items): bindSelect(items, stage, &pipeline, locals)
        case .rename(let pairs): bindRename(pairs, stage, &pipeline)
        case .limit(let count, let offset):
            pipeline.node = .limit(LimitNode(input: pipeline.node, count: count.value, offset: offset?.value ?? 0))
        case .orderBy(let keys): bindOrder(keys, &pipeline, locals)
        case .batch(let size): bindBatch(size, &pipeline)
        case .infer(let call, let outputs, let options, let onError):
            if case .arm(let owner) = place, let link = options.state.first {
                return report(
                    .misplacedStage, "a model with state cannot stand in an arm of `\(owner)`", at: link.input.span,
                    help: "run it before the `\(owner)`",
                    notes: ["in an arm each row goes its way without looking at others"])
            }
            bindInfer(call, outputs, options, onError, stage, &pipeline, locals)
        case .route(let route): bindRoute(route, stage, &pipeline, locals)
        case .cascade(let cascade): bindCascade(cascade, stage, &pipeline, locals)
        case .split(let split): bindSplit(split, stage, &pipeline, locals)
        case .aggregate(let items, let groups): bindAggregateStage(items, groups, stage, &pipeline, locals)
        case .distinct(let keys): bindDistinct(keys, stage, &pipeline, locals)
        case .union(let relation): bindUnion(relation, stage, &pipeline)
        case .assert(let condition, let message): bindAssert(condition, message, &pipeline, locals)
        case .write(let path, let options): bindWrite(path, options, stage, &pipeline)
        case .unnest(let value, let name): bindUnnest(value, as: name, &pipeline, locals)
        case .sample(let size, let isPercent): bindSample(size, isPercent, &pipeline)
        case .nearest(let count, let relation, let similarity, let name):
            bindNearest(count, relation, similarity, as: name, &pipeline, locals)
        case .join(let relation, let isLeft, let condition):
            bindJoin(relation, isLeft: isLeft, on: condition, &pipeline, locals)
        case .call: break
        }
        if errorCount > errors { pipeline.isComplete = false }
        guard !pipeline.isComplete else { return }
        pipeline.scope.expected.formUnion(givenNames(stage.kind).map { $0.lowercased() })
    }

    /// The names that a stage adds, as far as it says them.
    func givenNames(_ kind: Stage.Kind) -> [String] {
        func names(_ items: [Item]) -> [String] {
            items.compactMap { item in
                guard case .expression(let expr, let alias) = item.kind else { return nil }
                return alias?.text ?? name(of: expr)
            }
        }
        func names(_ outputs: Outputs?) -> [String] {
            switch outputs {
            case nil: []
            case .single(let name): [name.text]
            case .fields(let fields): fields.map { ($0.alias ?? $0.name).text }
            }
        }
        func names(_ onError: OnError?) -> [String] {
            if case .keep(let name)? = onError?.policy { [name.text] } else { [] }
        }
        switch kind {
        case .extend(let items), .select(let items): return names(items)
        case .aggregate(let items, let groups): return names(items) + names(groups)
        case .rename(let pairs): return pairs.map(\.to.text)
        case .unnest(_, let name): return [name.text]
        case .nearest(_, _, _, let name): return name.map { [$0.text] } ?? []
        case .infer(_, let outputs, _, let onError): return names(outputs) + names(onError)
        case .cascade(let cascade):
            return names(cascade.outputs) + names(cascade.onError) + (cascade.tierColumn.map { [$0.text] } ?? [])
        default: return []
        }
    }

    func context(_ pipeline: Pipeline, _ locals: [String: BoundExpr]) -> ExprContext {
        let context = ExprContext(scope: pipeline.scope, locals: locals, batch: pipeline.batch)
        return context
    }

    private func stageName(_ kind: Stage.Kind) -> String {
        switch kind {
        case .where: "where"
        case .extend: "extend"
        case .select: "select"
        case .rename: "rename"
        case .limit: "limit"
        case .orderBy: "order by"
        case .batch: "batch"
        case .infer: "infer"
        case .route: "route"
        case .cascade: "cascade"
        case .split: "split"
        case .aggregate: "aggregate"
        case .distinct: "distinct"
        case .sample: "sample"
        case .join(_, let isLeft, _): isLeft ? "left join" : "join"
        case .nearest: "nearest"
        case .union: "union"
        case .unnest: "unnest"
        case .assert: "assert"
        case .write: "write"
        case .call(let call): call.name.text
        }
    }

    private func reportUnknownStage(_ name: String, _ span: Span) {
        let names = StageTable.all.entries.map(\.name) + environment.defines.map(\.name)
        report(
            .unknownStage, "there is no stage `\(name)`", at: span,
            help: didYouMean(name, names) ?? "`show stages` lists the stages")
    }

    private func bindStageCall(
        _ call: Call, _ pipeline: inout Pipeline, _ place: StagePlace, _ locals: [String: BoundExpr]
    ) {
        guard let definition = environment.definition(call.name.text) else {
            pipeline.isComplete = false
            if environment.model(call.name.text) != nil {
                return report(
                    .unknownStage, "`\(call.name.text)` is a model, not a stage", at: call.name.span,
                    help: "`|> infer \(source[call.span])`")
            }
            return reportUnknownStage(call.name.text, call.name.span)
        }
        guard case .stages(let stages) = definition.body else {
            // A lone call reads as an expression; here it is a stage.
            if case .expression(let body) = definition.body, case .call(let inner) = body.kind,
                environment.definition(inner.name.text) != nil
            {
                return expandStages(
                    definition, [Stage(.call(inner), body.span, nameSpan: inner.name.span)], call, &pipeline, place,
                    locals)
            }
            pipeline.isComplete = false
            return report(
                .unknownStage, "`\(definition.name)` stands for a value, not for stages", at: call.name.span,
                help: "`|> extend \(source[call.span]) as …`")
        }
        expandStages(definition, stages, call, &pipeline, place, locals)
    }

    private func expandStages(
        _ definition: Definition, _ stages: [Stage], _ call: Call, _ pipeline: inout Pipeline, _ place: StagePlace,
        _ locals: [String: BoundExpr]
    ) {
        let outer = context(pipeline, locals)
        guard let values = arguments(of: definition, call, outer) else {
            pipeline.isComplete = false
            return
        }
        settle(outer, &pipeline)
        var inner = pipeline
        let done: Void? = inside(definition, call.name.span) {
            bind(stages, &inner, place: place, locals: values)
        }
        if done == nil { pipeline.isComplete = false } else { pipeline = inner }
    }

    // MARK: Simple stages

    private func bindWhere(_ expr: Expr, _ pipeline: inout Pipeline, _ locals: [String: BoundExpr]) {
        let context = context(pipeline, locals)
        guard let predicate = bindCondition(expr, context, of: "where") else { return }
        settle(context, &pipeline)
        pipeline.node = .filter(FilterNode(input: pipeline.node, predicate: predicate))
    }

    private func bindBatch(_ size: BatchSize, _ pipeline: inout Pipeline) {
        let (count, isTokens): (IntegerLiteral?, Bool) =
            switch size {
            case .auto: (nil, false)
            case .rows(let count): (count, false)
            case .tokens(let count): (count, true)
            }
        guard let count else {
            pipeline.batch = .auto
            return
        }
        guard count.value > 0, count.value <= 1 << 24 else {
            return report(.wrongArgument, "a batch has from 1 to \(1 << 24) rows or tokens", at: count.span)
        }
        pipeline.batch = isTokens ? .tokens(count.value) : .rows(count.value)
    }

    private func bindOrder(_ keys: [OrderKey], _ pipeline: inout Pipeline, _ locals: [String: BoundExpr]) {
        let context = context(pipeline, locals)
        var sortKeys: [SortKey] = []
        var computed: [ComputedColumn] = []
        var isSound = true
        for key in keys {
            guard let value = bind(key.value, context) else {
                isSound = false
                continue
            }
            guard value.type.isOrdered || value.type == .null else {
                report(.wrongArgument, "values of type \(value.type.text) have no order", at: key.value.span)
                isSound = false
                continue
            }
            let column: PlanColumn
            if case .column(let id, let type) = value {
                column =
                    pipeline.scope.entries.first { $0.column.id == id }?.column
                    ?? PlanColumn(id: id, name: flatText(key.value.span), type: type)
            } else {
                column = newColumn(flatText(key.value.span), value.type)
                computed.append(ComputedColumn(column, value))
            }
            // As in DuckDB nulls stand last unless told otherwise.
            sortKeys.append(SortKey(column: column, descending: key.descending, nullsFirst: key.nullsFirst ?? false))
        }
        guard isSound else { return }
        settle(context, &pipeline)
        extendHidden(computed, &pipeline)
        pipeline.node = .sort(SortNode(input: pipeline.node, keys: sortKeys))
    }

    func extendHidden(_ computed: [ComputedColumn], _ pipeline: inout Pipeline) {
        guard !computed.isEmpty else { return }
        pipeline.node = .extend(ExtendNode(input: pipeline.node, computed: computed))
        for item in computed {
            pipeline.scope.entries.append(
                ScopeEntry(column: item.column, name: item.column.name, qualifier: nil, visibility: .hidden))
        }
    }

    private func bindDistinct(
        _ keys: [Expr], _ stage: Stage, _ pipeline: inout Pipeline, _ locals: [String: BoundExpr]
    ) {
        let context = context(pipeline, locals)
        let bound = keys.map { bind($0, context) }
        guard !bound.contains(where: { $0 == nil }) else { return }
        settle(context, &pipeline)
        var ids: [ColumnID] = []
        var computed: [ComputedColumn] = []
        for (value, expr) in zip(bound.compactMap { $0 }, keys) {
            if case .column(let id, _) = value {
                ids.append(id)
            } else {
                let column = newColumn(flatText(expr.span), value.type)
                computed.append(ComputedColumn(column, value))
                ids.append(column.id)
            }
        }
        if keys.isEmpty { ids = pipeline.scope.visible.map(\.column.id) }
        extendHidden(computed, &pipeline)
        pipeline.node = .distinct(DistinctNode(input: pipeline.node, keys: ids))
    }

    private func bindAssert(
        _ condition: Expr, _ message: StringLiteral?, _ pipeline: inout Pipeline, _ locals: [String: BoundExpr]
    ) {
        let context = context(pipeline, locals)
        guard let predicate = bindCondition(condition, context, of: "assert") else { return }
        settle(context, &pipeline)
        pipeline.node = .assert(
            AssertNode(
                input: pipeline.node, predicate: predicate,
                message: message?.value ?? "assertion failed: \(flatText(condition.span))"))
    }

    private func bindUnion(_ relation: Relation, _ stage: Stage, _ pipeline: inout Pipeline) {
        guard let other = bind(relation), let right = seal(other, span: relation.span),
            let left = seal(pipeline, span: stage.span)
        else { return }
        guard left.columns.count == right.columns.count else {
            return report(
                .armsDisagree, "`union` of \(left.columns.count) and \(right.columns.count) columns", at: relation.span,
                help: "select the same columns on both sides")
        }
        var columns: [PlanColumn] = []
        for (a, b) in zip(left.columns, right.columns) {
            guard let type = a.type.unified(with: b.type) else {
                return report(
                    .armsDisagree, "column `\(a.name)` is \(a.type.text) before and \(b.type.text) in the `union`",
                    at: relation.span)
            }
            columns.append(newColumn(a.name, type))
        }
        pipeline.node = .union(UnionNode(inputs: [left, right], columns: columns))
        let groups = pipeline.scope.visibleGroups
        pipeline.scope.entries = columns.enumerated().map { place, column in
            ScopeEntry(
                column: column, name: groups[place]?.member ?? column.name, qualifier: groups[place]?.qualifier,
                isInGroup: groups[place] != nil)
        }
    }

    private func bindWrite(_ path: StringLiteral, _ options: [Option], _ stage: Stage, _ pipeline: inout Pipeline) {
        guard let values = constants(options) else { return }
        do {
            let known = try catalog.writeOptions(path: path.value)
            for option in options where !known.contains(where: { same($0, option.name.text) }) {
                report(
                    .unknownOption, "`write` has no option `\(option.name.text)` for \(quoted(path.value))",
                    at: option.name.span,
                    help: didYouMean(option.name.text, known),
                    notes: known.isEmpty ? [] : ["options are \(known.joined(separator: ", "))"])
            }
        } catch { report(error, at: path.span, options: options) }
        guard let sealed = seal(pipeline, span: stage.span) else { return }
        pipeline.node = .write(WriteNode(input: sealed, path: path.value, options: values))
        pipeline.written = stage.span
    }
}
