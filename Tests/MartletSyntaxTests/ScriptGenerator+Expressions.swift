import MartletSyntax

extension ScriptGenerator {
    mutating func expr(_ depth: Int) -> Expr {
        guard depth > 0 else { return Expr(leaf()) }
        return Expr(chance(25) ? leaf() : branch(depth - 1), isParenthesized: chance(5))
    }

    private mutating func leaf() -> Expr.Kind {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: .literal(.null)
        case 1: .literal(.bool(chance(50)))
        case 2: .literal(.int([0, 1, 42, Int64.max, Int64.min].randomElement(using: &random) ?? 0))
        case 3:
            .literal(.float([0, 0.5, 1e300, 5e-324, 1e16, 0.1, 123456.789].randomElement(using: &random) ?? 0))
        case 4: .literal(.string(string().value))
        case 5: .parameter(parameter())
        default: .name(name())
        }
    }

    private mutating func branch(_ depth: Int) -> Expr.Kind {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: .call(call(depth))
        case 1: .unary(chance(50) ? .not : .negate, expr(depth))
        case 2: .isNull(expr(depth), negated: chance(50))
        case 3: .isDistinct(expr(depth), from: expr(depth), negated: chance(50))
        case 4: .between(expr(depth), low: expr(depth), high: expr(depth), negated: chance(50))
        case 5: .inItems(expr(depth), some(1...3) { $0.expr(depth) }, negated: chance(50))
        // Behind `in` a parenthesis begins items, so a list expression is one that needs none.
        case 6: .inList(expr(depth), Expr(.list(some(0...2) { $0.expr(depth) })), negated: chance(50))
        case 7: .like(expr(depth), pattern: expr(depth), ignoringCase: chance(50), negated: chance(50))
        case 8:
            .case(
                operand: maybe { $0.expr(depth) },
                arms: some(1...2) { CaseArm(when: $0.expr(depth), then: $0.expr(depth)) },
                otherwise: maybe { $0.expr(depth) })
        case 9: .cast(expr(depth), type(1), [.cast, .tryCast, .doubleColon].randomElement(using: &random) ?? .cast)
        case 10: .field(expr(depth), name())
        case 11: .index(expr(depth), expr(depth))
        case 12: .slice(expr(depth), from: maybe { $0.expr(depth) }, to: maybe { $0.expr(depth) })
        case 13: .list(some(0...3) { $0.expr(depth) })
        case 14: .struct(some(1...2) { StructField($0.name(), $0.expr(depth)) })
        default: .binary(BinaryOperator.allCases.randomElement(using: &random) ?? .add, expr(depth), expr(depth))
        }
    }
}
