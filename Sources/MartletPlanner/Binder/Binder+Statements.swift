import MartletData
import MartletSyntax

extension Binder {
    /// nil when the statement is in error. The name that such a one would have given is not missed later.
    func bind(_ statement: Statement) -> BoundStatement? {
        let errors = errorCount
        let bound = bindSound(statement)
        switch statement.kind {
        case .model(let name, _, _, _), .param(let name, _, _), .tableParam(let name, _), .define(let name, _, _),
            .let(let name, _):
            if errorCount > errors {
                brokenNames.insert(name.text.lowercased())
            } else {
                brokenNames.remove(name.text.lowercased())
            }
        default: break
        }
        return bound
    }

    private func bindSound(_ statement: Statement) -> BoundStatement? {
        let declaration = BoundStatement(action: .declaration, span: statement.span)
        switch statement.kind {
        case .model(let name, let path, let signature, let options):
            bindModel(name, path, signature, options)
            return declaration
        case .param(let name, let type, let fallback):
            bindParameter(name, type, fallback)
            return declaration
        case .tableParam(let name, let fields):
            if let schema = schema(fields) {
                environment.tableParameters.append(TableParameter(name: name.text, schema: schema))
            }
            return declaration
        case .define(let name, let parameters, let body):
            bindDefinition(name, parameters, body)
            return declaration
        case .let(let name, let query):
            if let pipeline = bind(query), let sealed = seal(pipeline, span: query.span) {
                if let span = pipeline.written {
                    report(.afterWrite, "`let \(name.text)` has no rows to name", at: span, "`write` takes them all")
                } else {
                    environment.lets.append(
                        BoundLet(name: name.text, root: sealed, groups: pipeline.scope.visibleGroups))
                }
            }
            return declaration
        case .set(let name, let value):
            bindSetting(name, value)
            return declaration
        case .query(let query):
            guard let bound = bindWhole(query) else { return nil }
            return BoundStatement(action: .query(bound), span: statement.span)
        case .explain(let analyze, let query):
            guard let bound = bindWhole(query) else { return nil }
            return BoundStatement(action: .explain(bound, analyze: analyze), span: statement.span)
        case .show(let subject):
            guard let table = show(subject) else { return nil }
            return BoundStatement(action: .show(whole(table, span: statement.span)), span: statement.span)
        case .describe(let subject):
            guard let table = describe(subject) else { return nil }
            return BoundStatement(action: .show(whole(table, span: statement.span)), span: statement.span)
        }
    }

    /// A query with everything that it stands on; nil if it is in error.
    private func bindWhole(_ query: Query) -> BoundQuery? {
        let errors = errorCount
        guard let pipeline = bind(query), let root = seal(pipeline, span: query.span), errorCount == errors else {
            return nil
        }
        return whole(root, span: query.span)
    }

    var errorCount: Int { diagnostics.reduce(0) { $0 + ($1.severity == .error ? 1 : 0) } }

    /// `root` with the lets that it reads, which are numbered anew from 0.
    private func whole(_ root: LogicalNode, span: Span) -> BoundQuery {
        var numbers: [Int: Int] = [:]
        var plans: [SharedPlan] = []
        func renumber(_ node: LogicalNode) -> LogicalNode {
            guard case .shared(var shared) = node else { return node.mapChildren(renumber) }
            if let number = numbers[shared.number] {
                shared.number = number
            } else {
                let source = environment.lets[shared.number]
                let plan = SharedPlan(name: source.name, root: renumber(source.root))
                plans.append(plan)
                numbers[shared.number] = plans.count - 1
                shared.number = plans.count - 1
            }
            return .shared(shared)
        }
        let renumbered = renumber(root)
        return BoundQuery(
            root: renumbered, lets: plans, settings: environment.settings, span: span,
            nextColumn: environment.nextColumn)
    }

    private func bindModel(_ name: Name, _ path: Expr, _ signature: Signature?, _ options: [Option]) {
        var declared: DeclaredSignature?
        if let signature {
            guard let inputs = schema(signature.inputs), let outputs = schema(signature.outputs) else { return }
            declared = DeclaredSignature(inputs: inputs.fields, outputs: outputs.fields)
        }
        guard case .string(let file)? = constant(path, wanted: .string, what: "a model's path"),
            let values = constants(options)
        else { return }
        do {
            let found = try catalog.model(path: file, options: values, declared: declared)
            environment.define(
                BoundModel(name: name.text, path: file, options: values, declared: declared, signature: found))
        } catch { report(error, at: path.span, options: options) }
    }

    private func bindParameter(_ name: Name, _ typeExpr: TypeExpr, _ fallback: Expr?) {
        guard let type = type(typeExpr) else { return }
        var value: Value?
        if let fallback { value = constant(fallback, wanted: type, what: "a parameter's default") }
        if let given = supplied.first(where: { same($0.key, name.text) })?.value {
            let cast: Value? =
                switch given {
                case .text(let text): castValue(.string(text), to: type)
                case .value(let value): castValue(value, to: type)
                }
            if let cast {
                value = cast
            } else {
                let text = if case .text(let text) = given { quoted(text) } else { "the given value" }
                report(
                    .parameterValue, "parameter `\(name.text)` is \(type.text), and \(text) cannot be cast to that",
                    at: typeExpr.span)
                return
            }
        }
        environment.parameters.append(BoundParameter(name: name.text, type: type, value: value))
    }

    private func bindDefinition(_ name: Name, _ parameters: [MartletSyntax.Field], _ body: DefineBody) {
        var bound: [(name: String, type: DataType)] = []
        for parameter in parameters {
            guard let type = type(parameter.type) else { return }
            guard !bound.contains(where: { same($0.name, parameter.name.text) }) else {
                return report(
                    .duplicateName, "`\(parameter.name.text)` is given twice", at: parameter.name.span)
            }
            bound.append((parameter.name.text, type))
        }
        if FunctionTable.function(name.text) != nil {
            report(
                .duplicateName, "`\(name.text)` is a function of the language", at: name.span,
                help: "choose another name")
            return
        }
        environment.defines.append(Definition(name: name.text, parameters: bound, body: body, source: source))
    }

    /// The columns of a written list of fields; nil after a report.
    func schema(_ fields: [MartletSyntax.Field]) -> Schema? {
        var result: [MartletData.Field] = []
        var isSound = true
        for field in fields {
            guard let type = type(field.type) else {
                isSound = false
                continue
            }
            if result.contains(where: { same($0.name, field.name.text) }) {
                report(.duplicateName, "`\(field.name.text)` is given twice", at: field.name.span)
                isSound = false
                continue
            }
            result.append(MartletData.Field(field.name.text, type, nullable: !field.notNull))
        }
        return isSound ? try? Schema(result) : nil
    }

    func type(_ expr: TypeExpr) -> DataType? {
        switch expr.kind {
        case .list(let element): return type(element).map { .list($0) }
        case .struct(let fields): return schema(fields).map { .structure($0.fields) }
        case .named(let name, let dims):
            guard !dims.isEmpty else {
                if let type = DataType.scalar(named: name.text) { return type }
                let known = ["bool", "int", "float", "string", "bytes", "timestamp", "list", "struct"]
                report(
                    .unknownType, "there is no type `\(name.text)`", at: name.span,
                    help: didYouMean(name.text, known)
                        ?? "types are bool int float string bytes timestamp, list(T), struct(a T), float[384]")
                return nil
            }
            guard let dtype = DataType.element(named: name.text) else {
                report(
                    .unknownType, "`\(name.text)` is no type of a tensor's elements", at: name.span,
                    help: "such as float[384], int8[n]; for a sequence of other values `list(\(name.text))`")
                return nil
            }
            var dimensions: [Dimension] = []
            for dim in dims {
                switch dim {
                case .size(let size):
                    guard size.value <= 1 << 30 else {
                        report(.unknownType, "a dimension of \(size.value) is too large", at: size.span)
                        return nil
                    }
                    dimensions.append(.fixed(size.value))
                case .named(let name): dimensions.append(.named(name.text))
                case .unknown: dimensions.append(.unknown)
                }
            }
            let elements = dimensions.reduce(1.0) { $0 * Double(max(1, $1.size ?? 1)) }
            guard dimensions.count <= 8, elements <= Double(1 << 24) else {
                report(.unknownType, "a tensor of more than 8 dimensions or \(1 << 24) elements", at: expr.span)
                return nil
            }
            return .tensor(dtype, dimensions)
        }
    }

    // MARK: Constants

    /// The value of an expression that stands where nothing can vary, cast to `wanted`; nil after a report.
    func constant(_ expr: Expr, wanted: DataType?, what: String) -> Value? {
        let context = ExprContext(scope: Scope(), models: .forbidden(what))
        context.isConstant = true
        guard var bound = bind(expr, context) else { return nil }
        if let wanted {
            guard converts(bound.type, to: wanted) || canCastSilently(bound, to: wanted) else {
                report(
                    .wrongArgument, "\(what) is \(wanted.text), got \(bound.type.text)", at: expr.span,
                    help: castRemedy(expr, bound.type, wanted))
                return nil
            }
            bound = convert(bound, to: wanted)
        }
        return evaluateConstant(bound, at: expr.span)
    }

    /// A constant list of numbers stands for a tensor.
    private func canCastSilently(_ expr: BoundExpr, to type: DataType) -> Bool {
        if case .list = expr, case .tensor = type { return canCast(expr.type, to: type) }
        return false
    }

    func constants(_ options: [Option]) -> [String: Value]? {
        var result: [String: Value] = [:]
        var isSound = true
        for option in options {
            guard let value = constant(option.value, wanted: nil, what: "an option") else {
                isSound = false
                continue
            }
            if result.updateValue(value, forKey: option.name.text.lowercased()) != nil {
                report(.duplicateName, "option `\(option.name.text)` is given twice", at: option.name.span)
                isSound = false
            }
        }
        return isSound ? result : nil
    }

    private func evaluateConstant(_ expr: BoundExpr, at span: Span) -> Value? {
        do {
            return try Evaluator(columns: []).evaluate(expr, [], rowCount: 1).value(0)
        } catch {
            report(.failingConstant, explanation(error), at: span)
            return nil
        }
    }

    func explanation(_ error: any Error) -> String {
        (error as? EvaluationError)?.explanation.message ?? "\(error)"
    }
}
