import MartletData

extension BoundExpr {
    /// The expression as the language writes it; columns go by `names`, those without a name by `#id`.
    package func text(_ names: [ColumnID: String]) -> String { text(names, minimum: 0) }

    /// - Parameter minimum: the binding strength that the place demands; weaker expressions get parentheses.
    private func text(_ names: [ColumnID: String], minimum: Int) -> String {
        func infix(_ strength: Int, _ body: String) -> String { strength < minimum ? "(\(body))" : body }
        func part(_ expr: BoundExpr, _ strength: Int = 0) -> String { expr.text(names, minimum: strength) }
        func joined(_ parts: [BoundExpr], _ word: String, _ strength: Int) -> String {
            infix(strength, parts.map { part($0, strength + 1) }.joined(separator: " \(word) "))
        }
        switch self {
        case .constant(let value, _): return value.literal
        case .column(let id, _): return names[id] ?? "#\(id.number)"
        case .parameter(let name, _): return "$\(name)"
        case .call(let call): return Self.callText(call, infix, part)
        case .and(let parts): return joined(parts, "and", 2)
        case .or(let parts): return joined(parts, "or", 1)
        case .conditional(let arms, let otherwise, _):
            let list = arms.map { " when \(part($0.condition)) then \(part($0.result))" }.joined()
            return "case\(list)\(otherwise.map { " else \(part($0))" } ?? "") end"
        case .coalesce(let parts, _): return "coalesce(\(parts.map { part($0) }.joined(separator: ", ")))"
        case .isNull(let value, let negated): return infix(4, "\(part(value, 5)) is \(negated ? "not " : "")null")
        case .isDistinct(let left, let right, let negated):
            return infix(4, "\(part(left, 5)) is \(negated ? "not " : "")distinct from \(part(right, 5))")
        case .isIn(let value, let items, let negated):
            let list = items.map { part($0) }.joined(separator: ", ")
            return infix(4, "\(part(value, 5)) \(negated ? "not " : "")in (\(list))")
        case .cast(let value, let type, let isTry):
            return isTry ? "try_cast(\(part(value)) as \(type.text))" : "\(part(value, 9))::\(type.text)"
        case .field(let value, let position, _):
            guard case .structure(let fields) = value.type else { return "\(part(value, 9)).\(position)" }
            return "\(part(value, 9)).\(fields[position].name)"
        case .structure(let parts, let type):
            guard case .structure(let fields) = type else { return "{}" }
            return "{\(zip(fields, parts).map { "\($0.name): \(part($1))" }.joined(separator: ", "))}"
        case .list(let parts, _): return "[\(parts.map { part($0) }.joined(separator: ", "))]"
        case .tokenCount(let model, let value): return "token_count(\(model.name), \(part(value)))"
        }
    }

    /// Infix operators by spelling, with their strength.
    private static let strengths: [String: Int] = [
        "=": 4, "!=": 4, "<>": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "like": 4, "ilike": 4, "??": 5, "+": 6, "-": 6,
        "||": 6, "*": 7, "/": 7, "//": 7, "%": 7,
    ]

    private static func callText(
        _ call: FunctionCall, _ infix: (Int, String) -> String, _ part: (BoundExpr, Int) -> String
    ) -> String {
        let arguments = call.arguments
        if arguments.count == 2, let strength = strengths[call.function.name] {
            return infix(
                strength, "\(part(arguments[0], strength)) \(call.function.name) \(part(arguments[1], strength + 1))")
        }
        if arguments.count == 1, call.function.name == "not" { return infix(3, "not \(part(arguments[0], 3))") }
        if arguments.count == 1, call.function.name == "negate" { return infix(8, "-\(part(arguments[0], 8))") }
        return "\(call.function.name)(\(arguments.map { part($0, 0) }.joined(separator: ", ")))"
    }
}
