import MartletData
import MartletSupport
import MartletSyntax

extension Binder {
    /// nil after a report; what depends on the expression is then passed over in silence.
    func bind(_ expr: Expr, _ context: ExprContext) -> BoundExpr? {
        switch expr.kind {
        case .literal(let literal): return bindLiteral(literal)
        case .parameter(let name): return bindParameterName(name)
        case .name(let name): return bindName(name, context)
        case .call(let call): return bindCall(call, expr.span, context)
        case .unary(.negate, let operand):
            if case .literal(.int(let value)) = operand.kind, value != .min { return .constant(.int(-value), .int) }
            if case .literal(.float(let value)) = operand.kind { return .constant(.float(-value), .float) }
            return bindOperator("negate", [operand], expr.span, context)
        case .unary(.not, let operand):
            guard let value = bindCondition(operand, context, of: "not") else { return nil }
            return negate(value)
        case .binary(let op, let left, let right): return bindBinary(op, left, right, expr.span, context)
        case .isNull(let operand, let negated):
            guard let value = bind(operand, context) else { return nil }
            if case .name(let name) = operand.kind, case .structure(let parts, _) = value,
                context.scope.named(name.text).isEmpty
            {
                // A group of outputs is null when all of them are.
                let all = BoundExpr.and(parts.map { .isNull($0, negated: false) })
                return negated ? negate(all) : all
            }
            return .isNull(value, negated: negated)
        case .isDistinct(let left, let right, let negated):
            guard let pair = bindPair(left, right, expr.span, context) else { return nil }
            return .isDistinct(pair.0, pair.1, negated: negated)
        case .between(let operand, let low, let high, let negated):
            let below = bindComparison(">=", operand, low, expr.span, context)
            let above = bindComparison("<=", operand, high, expr.span, context)
            guard let below, let above else { return nil }
            return negated ? negate(.and([below, above])) : .and([below, above])
        case .inItems(let operand, let items, let negated):
            return bindMembership(operand, items, negated, expr.span, context)
        case .inList(let operand, let list, let negated):
            let call = bindOperator("contains", [list, operand], expr.span, context)
            return negated ? call.map(negate) : call
        case .like(let operand, let pattern, let ignoringCase, let negated):
            let call = bindOperator(ignoringCase ? "ilike" : "like", [operand, pattern], expr.span, context)
            return negated ? call.map(negate) : call
        case .case(let operand, let arms, let otherwise): return bindCase(operand, arms, otherwise, expr.span, context)
        case .cast(let operand, let typeExpr, let form): return bindCast(operand, typeExpr, form, context)
        case .field(let base, let name): return bindField(base, name, expr.span, context)
        case .index(let base, let place): return bindOperator("[]", [base, place], expr.span, context)
        case .slice(let base, let from, let to):
            let start = from ?? Expr(.literal(.int(0)), expr.span)
            let end = to ?? Expr(.literal(.int(Int64.max)), expr.span)
            return bindOperator("[:]", [base, start, end], expr.span, context)
        case .list(let items): return bindList(items, expr.span, context)
        case .struct(let fields): return bindStruct(fields, context)
        }
    }

    private func bindLiteral(_ literal: Literal) -> BoundExpr {
        switch literal {
        case .null: .constant(.null, .null)
        case .bool(let value): .constant(.bool(value), .bool)
        case .int(let value): .constant(.int(value), .int)
        case .float(let value): .constant(.float(value), .float)
        case .string(let value): .constant(.string(value), .string)
        }
    }

    func negate(_ value: BoundExpr) -> BoundExpr {
        .call(FunctionCall(FunctionTable.known("not"), [value], type: .bool))
    }

    /// An expression that must be a bool; `place` is the word that wants it.
    func bindCondition(_ expr: Expr, _ context: ExprContext, of place: String) -> BoundExpr? {
        guard let bound = bind(expr, context) else { return nil }
        if bound.type == .bool { return bound }
        if bound.type == .null { return convert(bound, to: .bool) }
        report(
            .notACondition, "`\(place)` wants a bool, got \(bound.type.text)", at: expr.span,
            help: bound.type.isText
                ? "compare it: `\(source[expr.span]) = '…'`"
                : bound.type.isNumeric ? "compare it: `\(source[expr.span]) > 0`" : nil)
        return nil
    }

    private func bindBinary(_ op: BinaryOperator, _ left: Expr, _ right: Expr, _ span: Span, _ context: ExprContext)
        -> BoundExpr?
    {
        switch op {
        case .and, .or:
            let a = bindCondition(left, context, of: op.rawValue)
            let b = bindCondition(right, context, of: op.rawValue)
            guard let a, let b else { return nil }
            if op == .and { return .and(a.conjuncts + b.conjuncts) }
            let disjuncts = [a, b].flatMap { part in if case .or(let parts) = part { parts } else { [part] } }
            return .or(disjuncts)
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
            return bindComparison(op.rawValue, left, right, span, context)
        case .coalesce:
            return bindCoalesce([left, right], span, context)
        case .add, .subtract, .concat, .multiply, .divide, .divideInteger, .remainder:
            return bindOperator(op.rawValue, [left, right], span, context)
        }
    }

    private func bindPair(_ left: Expr, _ right: Expr, _ span: Span, _ context: ExprContext) -> (BoundExpr, BoundExpr)?
    {
        let a = bind(left, context)
        let b = bind(right, context)
        guard let a, let b else { return nil }
        guard let type = a.type.unified(with: b.type) else {
            reportComparison(a, b, left, right, span)
            return nil
        }
        return (convert(a, to: type), convert(b, to: type))
    }

    private func reportComparison(_ a: BoundExpr, _ b: BoundExpr, _ left: Expr, _ right: Expr, _ span: Span) {
        // Cast the constant, if one is.
        let help = b.isConstant ? castRemedy(right, b.type, a.type) : castRemedy(left, a.type, b.type)
        report(.wrongOperands, "cannot compare \(a.type.text) with \(b.type.text)", at: span, help: help)
    }

    private func bindComparison(_ op: String, _ left: Expr, _ right: Expr, _ span: Span, _ context: ExprContext)
        -> BoundExpr?
    {
        let a = bind(left, context)
        let b = bind(right, context)
        guard let a, let b else { return nil }
        guard a.type.unified(with: b.type) != nil else {
            reportComparison(a, b, left, right, span)
            return nil
        }
        checkMember(a, b, right.span)
        checkMember(b, a, left.span)
        return apply(FunctionTable.known(op), [a, b], [left, right], span)
    }

    /// A warning when a label set meets a string that is no member.
    private func checkMember(_ labels: BoundExpr, _ other: BoundExpr, _ span: Span) {
        guard let members = labels.type.members, case .constant(.string(let text), _) = other, !members.contains(text)
        else {
            return
        }
        let shown = members.prefix(8).map { quoted($0) }.joined(separator: ", ")
        report(
            .notAMember, "no label is \(quoted(text)), so this never matches", at: span,
            help: closestName(to: text, among: members).map { "did you mean \(quoted($0))?" },
            notes: ["labels are \(shown)\(members.count > 8 ? ", …" : "")"], severity: .warning)
    }

    private func bindMembership(_ operand: Expr, _ items: [Expr], _ negated: Bool, _ span: Span, _ context: ExprContext)
        -> BoundExpr?
    {
        let value = bind(operand, context)
        let bound = items.map { bind($0, context) }
        guard let value, !bound.contains(where: { $0 == nil }) else { return nil }
        if items.count == 1, let only = bound[0], case .list = only.type {
            return bindOperator("contains", [items[0], operand], span, context).map { negated ? negate($0) : $0 }
        }
        var type = value.type
        for (item, expr) in zip(bound, items) {
            guard let item else { return nil }
            checkMember(value, item, expr.span)
            guard let both = type.unified(with: item.type) else {
                report(
                    .wrongOperands, "cannot compare \(value.type.text) with \(item.type.text)", at: expr.span,
                    help: castRemedy(expr, item.type, value.type))
                return nil
            }
            type = both
        }
        return .isIn(convert(value, to: type), bound.compactMap { $0 }.map { convert($0, to: type) }, negated: negated)
    }

    private func bindCase(_ operand: Expr?, _ arms: [CaseArm], _ otherwise: Expr?, _ span: Span, _ context: ExprContext)
        -> BoundExpr?
    {
        var isSound = true
        var conditions: [BoundExpr] = []
        var results: [(BoundExpr, Span)] = []
        for arm in arms {
            let condition =
                operand.map { bindComparison("=", $0, arm.when, arm.when.span, context) }
                ?? bindCondition(arm.when, context, of: "when")
            let result = bind(arm.then, context)
            if let condition, let result {
                conditions.append(condition)
                results.append((result, arm.then.span))
            } else {
                isSound = false
            }
        }
        if let otherwise {
            if let result = bind(otherwise, context) {
                results.append((result, otherwise.span))
            } else {
                isSound = false
            }
        }
        guard isSound, let type = commonType(results, what: "branches") else { return nil }
        let last = otherwise == nil ? nil : results.last.map { convert($0.0, to: type) }
        return .conditional(
            zip(conditions, results).map { ConditionalArm(when: $0, then: convert($1.0, to: type)) }, otherwise: last,
            type)
    }

    func bindCoalesce(_ parts: [Expr], _ span: Span, _ context: ExprContext) -> BoundExpr? {
        let bound = parts.map { bind($0, context) }
        guard !bound.contains(where: { $0 == nil }) else { return nil }
        let pairs = zip(bound.compactMap { $0 }, parts.map(\.span)).map { ($0, $1) }
        guard let type = commonType(pairs, what: "values") else { return nil }
        return .coalesce(pairs.map { convert($0.0, to: type) }, type)
    }

    private func commonType(_ parts: [(BoundExpr, Span)], what: String) -> DataType? {
        guard var type = parts.first?.0.type else { return nil }
        for (part, span) in parts {
            guard let both = type.unified(with: part.type) else {
                report(
                    .branchTypes, "\(what) differ: \(type.text) and \(part.type.text)", at: span, "\(part.type.text)",
                    secondary: parts.first.map { [($0.1, $0.0.type.text)] } ?? [],
                    help: castRemedy((part, span), to: type) ?? castRemedy(parts[0], to: part.type))
                return nil
            }
            type = both
        }
        return type
    }

    private func bindCast(_ operand: Expr, _ typeExpr: TypeExpr, _ form: CastForm, _ context: ExprContext) -> BoundExpr?
    {
        let value = bind(operand, context)
        let type = type(typeExpr)
        guard let value, let type else { return nil }
        guard canCast(value.type, to: type) else {
            report(.impossibleCast, "\(value.type.text) cannot be cast to \(type.text)", at: operand.span)
            return nil
        }
        return value.type == type ? value : .cast(value, type, isTry: form == .tryCast)
    }

    private func bindList(_ items: [Expr], _ span: Span, _ context: ExprContext) -> BoundExpr? {
        let bound = items.map { bind($0, context) }
        guard !bound.contains(where: { $0 == nil }) else { return nil }
        let pairs = zip(bound.compactMap { $0 }, items.map(\.span)).map { ($0, $1) }
        guard !pairs.isEmpty else { return .list([], .list(.null)) }
        guard let type = commonType(pairs, what: "items") else { return nil }
        return .list(pairs.map { convert($0.0, to: type) }, .list(type))
    }

    private func bindStruct(_ fields: [StructField], _ context: ExprContext) -> BoundExpr? {
        var parts: [BoundExpr] = []
        var types: [MartletData.Field] = []
        var isSound = true
        for field in fields {
            if types.contains(where: { same($0.name, field.name.text) }) {
                report(.duplicateName, "`\(field.name.text)` is given twice", at: field.name.span)
                isSound = false
            }
            guard let part = bind(field.value, context) else {
                isSound = false
                continue
            }
            parts.append(part)
            types.append(MartletData.Field(field.name.text, part.type))
        }
        return isSound ? .structure(parts, .structure(types)) : nil
    }

    // MARK: Conversion

    /// `expr` as a value of `type`, to which it converts; casts of constants are done at once where that is lossless.
    func convert(_ expr: BoundExpr, to type: DataType) -> BoundExpr {
        if expr.type == type { return expr }
        if case .constant(let value, _) = expr, let cast = castValue(value, to: type) { return .constant(cast, type) }
        if case .tensor(let dtype, let dims) = type, case .tensor(let own, let from) = expr.type, own == dtype,
            zip(from, dims).allSatisfy({ $0 == $1 || $1.size == nil })
        {
            return expr
        }
        return .cast(expr, type, isTry: false)
    }

    func castRemedy(_ expr: Expr, _ from: DataType, _ to: DataType) -> String? {
        // A text that is no number cannot be helped by a cast.
        if case .literal(.string(let text)) = expr.kind, castValue(.string(text), to: to) == nil { return nil }
        return canCast(from, to: to) && from != to ? "cast it: `\(castText(expr.span, to: to))`" : nil
    }

    private func castRemedy(_ part: (BoundExpr, Span), to type: DataType) -> String? {
        if case .constant(let value, _) = part.0, !value.isNull, castValue(value, to: type) == nil { return nil }
        return canCast(part.0.type, to: type) ? "cast it: `\(castText(part.1, to: type))`" : nil
    }

    func castText(_ span: Span, to type: DataType) -> String {
        let text = source[span]
        let isSimple = text.allSatisfy { $0.isLetter || $0.isNumber || "_.$'()".contains($0) }
        return isSimple ? "\(text)::\(type.text)" : "(\(text))::\(type.text)"
    }

    /// Line breaks and runs of spaces as one space, for names of computed columns.
    func flatText(_ span: Span) -> String {
        source[span].split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
