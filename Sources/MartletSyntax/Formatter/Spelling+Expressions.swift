extension Spelling {
    /// The expression with the parentheses it needs where operators of at least `power` are expected, and those it had.
    ///
    /// Walks down the left operands and builds the text on the way back, so that a long row of operators takes no stack.
    func expr(_ expr: Expr, _ power: Parser.Power = .or) -> String {
        var spine = [(expr: expr, power: power)]
        var deepest = expr
        while let left = leftOperand(of: deepest.kind) {
            spine.append(left)
            deepest = left.expr
        }
        var text = ""
        for (expr, power) in spine.reversed() {
            text += rest(of: expr.kind, expr.span)
            if expr.isParenthesized || Self.power(of: expr.kind) < power { text = "(" + text + ")" }
        }
        return text
    }

    /// How tightly the outermost operator binds; what has none binds tightest.
    static func power(of kind: Expr.Kind) -> Parser.Power {
        switch kind {
        case .unary(.not, _): .not
        case .unary(.negate, _): .unary
        case .literal(.int(let value)) where value < 0: .unary
        case .binary(let binary, _, _): power(of: binary)
        case .isNull, .isDistinct, .between, .inItems, .inList, .like: .comparison
        case .field, .index, .slice, .cast(_, _, .doubleColon): .postfix
        default: .primary
        }
    }

    static func power(of binary: BinaryOperator) -> Parser.Power {
        switch binary {
        case .or: .or
        case .and: .and
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: .comparison
        case .coalesce: .coalesce
        case .add, .subtract, .concat: .sum
        case .multiply, .divide, .divideInteger, .remainder: .product
        }
    }

    /// The operand that the expression's text begins with, and how tightly it must bind there.
    private func leftOperand(of kind: Expr.Kind) -> (expr: Expr, power: Parser.Power)? {
        switch kind {
        case .binary(let binary, let left, _):
            let power = Self.power(of: binary)
            // Comparisons do not chain.
            return (left, power == .comparison ? power.next : power)
        case .isNull(let left, _), .isDistinct(let left, _, _), .between(let left, _, _, _), .inItems(let left, _, _),
            .inList(let left, _, _), .like(let left, _, _, _):
            return (left, .coalesce)
        case .cast(let value, _, .doubleColon), .field(let value, _): return (value, .postfix)
        case .index(let value, _), .slice(let value, _, _):
            // Behind `::float` a bracket would belong to the type.
            if case .cast(_, let type, .doubleColon) = value.kind, case .named(_, let dims) = type.kind, dims.isEmpty {
                return (value, .primary)
            }
            return (value, .postfix)
        default: return nil
        }
    }

    /// The text behind the left operand; all of it when there is none.
    private func rest(of kind: Expr.Kind, _ span: Span) -> String {
        switch kind {
        case .literal(let literal): self.literal(literal, span)
        case .parameter(let name): "$" + name.text
        case .name(let name): self.name(name)
        case .call(let call): self.call(call)
        case .unary(.not, let operand): "not " + expr(operand, .not)
        case .unary(.negate, let operand): negation(operand)
        case .binary(let binary, _, let right): " " + binary.rawValue + " " + expr(right, Self.power(of: binary).next)
        case .isNull, .isDistinct, .between, .inItems, .inList, .like: " " + predicate(kind)
        case .case(let operand, let arms, let otherwise): cases(operand, arms, otherwise)
        case .cast(let value, let type, let form): cast(value, type, form)
        case .field(_, let name): "." + self.name(name)
        case .index(_, let index): bracketed(expr(index))
        case .slice(_, let from, let to): bracketed((from.map { expr($0) } ?? "") + ":" + (to.map { expr($0) } ?? ""))
        case .list(let items): bracketed(list(items) { expr($0) })
        case .struct(let fields): structure(fields)
        }
    }

    private func bracketed(_ inner: String) -> String { "[" + inner + "]" }

    private func literal(_ literal: Literal, _ span: Span) -> String {
        switch literal {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): value < 0 ? String(value) : number(span) ?? String(value)
        case .float(let value): number(span) ?? "\(value)"
        case .string(let value): quoted(value)
        }
    }

    private func negation(_ operand: Expr) -> String {
        let text = expr(operand, .unary)
        // Two signs side by side begin a comment.
        return text.hasPrefix("-") ? "-(" + text + ")" : "-" + text
    }

    private func cast(_ value: Expr, _ type: TypeExpr, _ form: CastForm) -> String {
        switch form {
        case .cast: "cast(" + expr(value) + " as " + self.type(type) + ")"
        case .tryCast: "try_cast(" + expr(value) + " as " + self.type(type) + ")"
        case .doubleColon: "::" + self.type(type)
        }
    }

    private func structure(_ fields: [StructField]) -> String {
        "{" + list(fields) { name($0.name) + ": " + expr($0.value) } + "}"
    }

    private func predicate(_ kind: Expr.Kind) -> String {
        switch kind {
        case .isNull(_, let negated): "is " + not(negated) + "null"
        case .isDistinct(_, let right, let negated): "is " + not(negated) + "distinct from " + expr(right, .coalesce)
        case .between(_, let low, let high, let negated):
            not(negated) + "between " + expr(low, .coalesce) + " and " + expr(high, .coalesce)
        case .inItems(_, let items, let negated): not(negated) + "in (" + list(items) { expr($0) } + ")"
        case .inList(_, let list, let negated): not(negated) + "in " + expr(list, .coalesce)
        case .like(_, let pattern, let ignoringCase, let negated):
            not(negated) + (ignoringCase ? "ilike " : "like ") + expr(pattern, .coalesce)
        default: preconditionFailure("bug: not a predicate")
        }
    }

    private func not(_ negated: Bool) -> String { negated ? "not " : "" }

    private func cases(_ operand: Expr?, _ arms: [CaseArm], _ otherwise: Expr?) -> String {
        var text = "case"
        if let operand { text += " " + expr(operand) }
        for arm in arms { text += " when " + expr(arm.when) + " then " + expr(arm.then) }
        if let otherwise { text += " else " + expr(otherwise) }
        return text + " end"
    }
}
