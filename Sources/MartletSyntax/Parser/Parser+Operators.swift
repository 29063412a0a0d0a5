extension Parser {
    /// An operator that stands behind its left operand.
    struct Infix {
        let form: Form
        let power: Power

        enum Form {
            case binary(BinaryOperator)
            case `is`
            /// `in`, `between`, `like`, `ilike`, perhaps behind a `not`
            case predicate(Word, negated: Bool)
            case foreign(BinaryOperator?)
        }
    }

    /// The infix operator at the current token: the whole table.
    func infix() -> Infix? {
        switch token.kind {
        case .equal: Infix(form: .binary(.equal), power: .comparison)
        case .notEqual: Infix(form: .binary(.notEqual), power: .comparison)
        case .less: Infix(form: .binary(.less), power: .comparison)
        case .lessOrEqual: Infix(form: .binary(.lessOrEqual), power: .comparison)
        case .greater: Infix(form: .binary(.greater), power: .comparison)
        case .greaterOrEqual: Infix(form: .binary(.greaterOrEqual), power: .comparison)
        case .coalesce: Infix(form: .binary(.coalesce), power: .coalesce)
        case .plus: Infix(form: .binary(.add), power: .sum)
        case .minus: Infix(form: .binary(.subtract), power: .sum)
        case .concat: Infix(form: .binary(.concat), power: .sum)
        case .star: Infix(form: .binary(.multiply), power: .product)
        case .slash: Infix(form: .binary(.divide), power: .product)
        case .doubleSlash: Infix(form: .binary(.divideInteger), power: .product)
        case .percent: Infix(form: .binary(.remainder), power: .product)
        case .foreign: foreignInfix()
        case .name: wordInfix(token.word)
        default: nil
        }
    }

    private func wordInfix(_ word: Word?) -> Infix? {
        switch word {
        case .or: Infix(form: .binary(.or), power: .or)
        case .and: Infix(form: .binary(.and), power: .and)
        case .is: Infix(form: .is, power: .comparison)
        case .in, .between, .like, .ilike: Infix(form: .predicate(word ?? .in, negated: false), power: .comparison)
        case .not:
            switch peek().word {
            case .in, .between, .like, .ilike:
                Infix(form: .predicate(peek().word ?? .in, negated: true), power: .comparison)
            default: nil
            }
        default: nil
        }
    }

    /// Operators of other languages that stand where one of ours can.
    private func foreignInfix() -> Infix? {
        switch source[token.span] {
        case "==": Infix(form: .foreign(.equal), power: .comparison)
        case "&&": Infix(form: .foreign(.and), power: .and)
        case "^", "~", "&": Infix(form: .foreign(nil), power: .comparison)
        default: nil
        }
    }

    /// What to write for an operator of another language.
    func operatorHelp(_ token: Token) -> [String] {
        switch source[token.span] {
        case "==": ["equality is written `=`"]
        case "&&": ["write `and`"]
        case "!": ["write `not`"]
        case "^": ["powers are written `pow(base, exponent)`"]
        case "~": ["write `regexp_matches(text, pattern)`"]
        case ":=": ["write `=>` for a named argument, `=` elsewhere"]
        case "|": ["stages are joined with `|>`, texts with `||`"]
        default: []
        }
    }

    /// Takes the operator and its right side.
    mutating func operation(_ infix: Infix, _ left: Expr, from start: Int) throws(Bail) -> Expr {
        switch infix.form {
        case .binary(let binary):
            advance()
            let right = try expression(infix.power.next)
            return try node(.binary(binary, left, right), from: start)
        case .is: return try isOperation(left, from: start)
        case .predicate(let word, let negated):
            if negated { advance() }
            advance()
            return try predicate(word, left, negated: negated, from: start)
        case .foreign(let binary): return try foreignOperation(binary, infix.power, left, from: start)
        }
    }

    private mutating func foreignOperation(
        _ binary: BinaryOperator?, _ power: Power, _ left: Expr, from start: Int
    ) throws(Bail) -> Expr {
        let text = source[token.span]
        let diagnostic = Diagnostic(
            binary == .equal ? .doubleEquals : .foreignOperator, "`\(text)` is no operator here", at: token.span,
            help: operatorHelp(token), fix: binary.map { .replace(token.span, with: $0.rawValue) })
        guard let binary else { throw fail(diagnostic) }
        report(diagnostic)
        advance()
        let right = try expression(power.next)
        return try node(.binary(binary, left, right), from: start)
    }

    /// comparison = … "is" [ "not" ] "null" | "is" [ "not" ] "distinct" "from" coalesce
    private mutating func isOperation(_ left: Expr, from start: Int) throws(Bail) -> Expr {
        advance()
        let negated = take(.not) != nil
        if take(.null) != nil { return try node(.isNull(left, negated: negated), from: start) }
        if take(.distinct) != nil {
            try expect(.from)
            let right = try expression(.coalesce)
            return try node(.isDistinct(left, from: right, negated: negated), from: start)
        }
        throw expected(
            "`null` or `distinct from` after `is`", help: ["values are compared with `=`, or with `is distinct from`"])
    }

    /// comparison = … [ "not" ] ( "in" ( "(" exprs ")" | coalesce ) | "between" coalesce "and" coalesce | ( "like" | "ilike" ) coalesce )
    private mutating func predicate(
        _ word: Word, _ left: Expr, negated: Bool, from start: Int
    ) throws(Bail) -> Expr {
        switch word {
        case .between:
            let low = try expression(.coalesce)
            guard take(.and) != nil else {
                throw fail(
                    Diagnostic(
                        .betweenWithoutAnd, "`between` needs two bounds with `and` between them",
                        labels: [.primary(place, "expected `and`")], help: ["write `value between low and high`"]))
            }
            let high = try expression(.coalesce)
            return try node(.between(left, low: low, high: high, negated: negated), from: start)
        case .like, .ilike:
            let pattern = try expression(.coalesce)
            return try node(
                .like(left, pattern: pattern, ignoringCase: word == .ilike, negated: negated), from: start)
        default: return try membership(left, negated: negated, from: start)
        }
    }

    private mutating func membership(_ left: Expr, negated: Bool, from start: Int) throws(Bail) -> Expr {
        guard let opening = take(.leftParen) else {
            let list = try expression(.coalesce)
            return try node(.inList(left, list, negated: negated), from: start)
        }
        let items = try bracketed(opening, .rightParen) { (parser: inout Parser) throws(Bail) in
            try parser.expression()
        }
        return try node(.inItems(left, items, negated: negated), from: start)
    }
}
