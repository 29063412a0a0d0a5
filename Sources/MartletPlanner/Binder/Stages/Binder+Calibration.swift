import MartletData
import MartletSyntax

/// `cascade … with (calibrate = rows, truth = column, target = 0.95, delta = 0.05, store = 'file')`
struct CalibrationOptions {
    var relation: Relation
    var truth: Expr?
    var target: Double
    var delta: Double
    var store: String?
}

extension Binder {
    private static let calibrationNames = ["calibrate", "truth", "target", "delta", "store"]

    /// The options of a cascade; nil if it has none, or after a report.
    func calibrationOptions(_ options: [Option]) -> CalibrationOptions? {
        guard let first = options.first else { return nil }
        let errors = errorCount
        for (place, option) in options.enumerated() {
            guard Self.calibrationNames.contains(option.name.text.lowercased()) else {
                report(
                    .unknownOption, "`cascade` has no option `\(option.name.text)`", at: option.name.span,
                    help: didYouMean(option.name.text, Self.calibrationNames)
                        ?? "options of a model stand where it is loaded: `model … = load … with (…)`")
                continue
            }
            if options[..<place].contains(where: { same($0.name.text, option.name.text) }) {
                report(.duplicateName, "option `\(option.name.text)` is given twice", at: option.name.span)
            }
        }
        func option(_ name: String) -> Option? { options.first { same($0.name.text, name) } }
        guard errorCount == errors else { return nil }
        guard let calibrate = option("calibrate"), let target = option("target") else {
            report(
                .unknownOption, "a cascade that learns needs `calibrate` and `target`", at: first.name.span,
                help: "`with (calibrate = labelled, target = 0.95)`, where `let labelled = …` names rows to learn from")
            return nil
        }
        let share = number(target, wants: "a share above 0 and below 1") { $0 > 0 && $0 < 1 }
        let delta =
            option("delta").map { number($0, wants: "a chance above 0 and below 1") { $0 > 0 && $0 < 1 } } ?? 0.05
        guard let share, let delta, let relation = relation(calibrate) else { return nil }
        var store: String?
        if let option = option("store") {
            guard case .string(let path)? = constant(option.value, wanted: .string, what: "`store`") else { return nil }
            store = path
        }
        return CalibrationOptions(
            relation: relation, truth: option("truth")?.value, target: share, delta: delta, store: store)
    }

    private func number(_ option: Option, wants: String, _ isFine: (Double) -> Bool) -> Double? {
        guard let value = constant(option.value, wanted: .float, what: "`\(option.name.text)`") else { return nil }
        if case .float(let number) = value, isFine(number) { return number }
        report(.wrongArgument, "`\(option.name.text)` is \(wants), got \(value.text)", at: option.value.span)
        return nil
    }

    private func relation(_ option: Option) -> Relation? {
        switch option.value.kind {
        case .name(let name): return Relation(.named(name), name.span)
        case .parameter(let name): return Relation(.parameter(name), name.span)
        default:
            report(
                .wrongArgument, "`calibrate` takes the name of rows", at: option.value.span,
                help: "name them first: `let labelled = load '…';`, then `calibrate = labelled`")
            return nil
        }
    }

    /// The plans that a cascade learns by; nil after a report, or if all thresholds have values and nothing is to be learnt.
    ///
    /// - Parameters:
    ///   - entries: the cascade's outputs.
    ///   - positions: for each tier and output its place in the model's signature.
    func bindCalibration(
        _ options: CalibrationOptions, _ cascade: MartletSyntax.Cascade, _ entries: [ScopeEntry], _ positions: [[Int]],
        _ locals: [String: BoundExpr]
    ) -> CascadeCalibration? {
        guard let pipeline = bind(options.relation), pipeline.isComplete else { return nil }
        let before = diagnostics.count
        let bound = bindCalibration(options, cascade, entries, positions, locals, pipeline)
        for index in diagnostics.indices.dropFirst(before) {
            diagnostics[index].notes.append(
                "the cascade learns on `\(source[options.relation.span])`, which needs every column that its tiers read"
            )
        }
        return bound
    }

    private func bindCalibration(
        _ options: CalibrationOptions, _ cascade: MartletSyntax.Cascade, _ entries: [ScopeEntry], _ positions: [[Int]],
        _ locals: [String: BoundExpr], _ rows: Pipeline
    ) -> CascadeCalibration? {
        var pipeline = rows
        let labelled = pipeline.node
        let answer = entries[0].column
        guard !answer.type.isCollection, answer.type != .float else {
            report(
                .wrongArgument, "answers of type \(answer.type.text) are not simply right or wrong",
                at: options.relation.span, help: "name a label first: `cascade as (label, …)`",
                notes: ["a cascade's first output is its answer: `\(answer.name)`"])
            return nil
        }
        var truth: BoundExpr?
        if let written = options.truth {
            let context = ExprContext(scope: pipeline.scope, models: .forbidden("`truth`"), locals: locals)
            guard let bound = bind(written, context) else { return nil }
            guard converts(bound.type, to: answer.type) || bound.type.isText && answer.type.isText else {
                report(
                    .wrongArgument, "`truth` is \(bound.type.text), the answer `\(answer.name)` is \(answer.type.text)",
                    at: written.span, help: castRemedy(written, bound.type, answer.type))
                return nil
            }
            truth = bound
            pipeline.node = .filter(FilterNode(input: pipeline.node, predicate: .isNull(bound, negated: true)))
        }
        let scope = pipeline.scope
        guard
            let outputs = askEveryTier(
                cascade.tiers.map(\.call) + [cascade.last], entries, positions, &pipeline, locals)
        else { return nil }
        var scopeOfUntil = scope
        for entry in entries { scopeOfUntil.replaceOrAppend(entry) }
        let right = truth ?? outputs[outputs.count - 1][answer.id] ?? .column(answer.id, answer.type)
        var columns: [ComputedColumn] = []
        var tiers: [CalibrationTier] = []
        for (number, values) in outputs.enumerated() {
            let own = values[answer.id] ?? right
            let type = own.type.unified(with: right.type) ?? answer.type
            let wrong = BoundExpr.isDistinct(convert(own, to: type), convert(right, to: type), negated: false)
            columns.append(ComputedColumn(newColumn("wrong \(number)", .bool), wrong))
            var tier = CalibrationTier(isWrong: columns[columns.count - 1].column.id)
            if number < cascade.tiers.count {
                let context = ExprContext(scope: scopeOfUntil, models: .forbidden("`until`"), locals: locals)
                guard let until = bindLearning(cascade.tiers[number].until, context),
                    let (measure, threshold) = measure(until, at: cascade.tiers[number].until.span)
                else { return nil }
                tier.threshold = threshold
                columns.append(ComputedColumn(newColumn("measure \(number)", .float), measure.substituting(values)))
                tier.measure = columns[columns.count - 1].column.id
            }
            tiers.append(tier)
        }
        return learning(options, cascade, tiers, labelled, pipeline.node, columns, hasTruth: truth != nil)
    }

    /// `until`, whose parameters need no value: it is to be learnt.
    func bindLearning(_ until: Expr, _ context: ExprContext) -> BoundExpr? {
        let outer = learnsParameters
        learnsParameters = true
        defer { learnsParameters = outer }
        return bindCondition(until, context, of: "until")
    }

    private func learning(
        _ options: CalibrationOptions, _ cascade: MartletSyntax.Cascade, _ tiers: [CalibrationTier],
        _ labelled: LogicalNode, _ asked: LogicalNode, _ columns: [ComputedColumn], hasTruth: Bool
    ) -> CascadeCalibration? {
        let names = tiers.compactMap(\.threshold?.name)
        if names.isEmpty {
            // Parameters with values keep them; without any there is a misunderstanding.
            let source = cascade.tiers.map { self.source[$0.until.span] }
            if !source.contains(where: { $0.contains("$") }) {
                report(
                    .wrongArgument, "no `until` of the cascade has a threshold to learn", at: options.relation.span,
                    help: "`param sure float;` before, and `until score >= $sure`")
            }
            return nil
        }
        if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
            report(
                .duplicateName, "two tiers share the threshold `$\(names[twice])`", at: options.relation.span,
                help: "give each tier a parameter of its own")
            return nil
        }
        let answers = LogicalNode.project(ProjectNode(input: asked, outputs: columns))
        guard answers.problem == nil else {
            report(
                .misplacedStage, "`calibrate` cannot stand where columns are a definition's arguments",
                at: options.relation.span, help: "write the cascade out, with the names of the columns")
            return nil
        }
        let read = answers.deepReferences
        return CascadeCalibration(
            name: source[options.relation.span], target: options.target, delta: options.delta, hasTruth: hasTruth,
            store: options.store, tiers: tiers,
            labelled: project(labelled, labelled.columns.filter { read.contains($0.id) }), answers: answers)
    }

    /// Runs every tier on every row; for each tier what the cascade's outputs are in it.
    private func askEveryTier(
        _ calls: [Call], _ entries: [ScopeEntry], _ positions: [[Int]], _ pipeline: inout Pipeline,
        _ locals: [String: BoundExpr]
    ) -> [[ColumnID: BoundExpr]]? {
        var result: [[ColumnID: BoundExpr]] = []
        for (call, positions) in zip(calls, positions) {
            let context = context(pipeline, locals)
            guard let model = model(call), let bound = bindModelCall(call, model, context) else { return nil }
            // A row that a tier fails on has no answer there, as in the cascade.
            for index in context.hoisted.indices { context.hoisted[index].onError = .null }
            settle(context, &pipeline)
            let types = outputTypes(bound)
            var outputs: [InferOutput] = []
            var values: [ColumnID: BoundExpr] = [:]
            for (entry, position) in zip(entries, positions) {
                let known = outputs.first { $0.position == position }
                let output =
                    known
                    ?? InferOutput(
                        column: newColumn("\(model.name).\(entry.name)", types[position]), position: position)
                if known == nil { outputs.append(output) }
                values[entry.column.id] = convert(.column(output.column.id, output.column.type), to: entry.column.type)
            }
            pipeline.node = .infer(
                InferNode(
                    input: pipeline.node, call: bound, outputs: outputs, onError: .null, batch: pipeline.batch))
            result.append(values)
        }
        return result
    }

    /// What an `until` compares with the parameter that it learns, null where its other conditions do not hold. Without such a
    /// parameter any number where it holds.
    private func measure(_ until: BoundExpr, at span: Span) -> (BoundExpr, LearntThreshold?)? {
        var others: [BoundExpr] = []
        var found: (BoundExpr, LearntThreshold)?
        for part in until.conjuncts {
            guard part.hasParameter else {
                others.append(part)
                continue
            }
            guard found == nil, let comparison = Self.comparison(part), !comparison.0.hasParameter else {
                report(
                    .wrongArgument, "a threshold that is learnt stands in one comparison of a number with it", at: span,
                    help:
                        "`until score >= $sure`, with `param sure float;` before; more conditions may follow with `and`"
                )
                return nil
            }
            found = comparison
        }
        let value = found.map { convert($0.0, to: .float) } ?? .constant(.float(0), .float)
        let measure =
            others.isEmpty
            ? value : .conditional([ConditionalArm(when: .all(others), then: value)], otherwise: nil, .float)
        return (measure, found?.1)
    }

    private static func comparison(_ expr: BoundExpr) -> (BoundExpr, LearntThreshold)? {
        guard case .call(let call) = expr, call.arguments.count == 2,
            let written = LearntThreshold.Comparison(rawValue: call.function.name)
        else { return nil }
        let (a, b) = (call.arguments[0], call.arguments[1])
        if case .parameter(let name, .float) = b, a.type == .float {
            return (a, LearntThreshold(name: name, comparison: written))
        }
        if case .parameter(let name, .float) = a, b.type == .float {
            return (b, LearntThreshold(name: name, comparison: written.flipped))
        }
        return nil
    }
}

extension BoundExpr {
    fileprivate var hasParameter: Bool {
        var found = false
        visit { if case .parameter = $0 { found = true } }
        return found
    }
}

extension LearntThreshold.Comparison {
    /// The same with its sides changed.
    fileprivate var flipped: Self {
        switch self {
        case .atLeast: .atMost
        case .above: .below
        case .atMost: .atLeast
        case .below: .above
        }
    }
}
