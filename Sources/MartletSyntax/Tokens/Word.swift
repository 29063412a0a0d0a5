/// The words of the grammar. All but the reserved ones may be names too; letter case does not matter.
package enum Word: String, CaseIterable, Sendable {
    // Statements.
    case model, param, define, `let`, set, explain, analyze, show, describe
    // Sources.
    case load, from, values, table
    // Stages.
    case `where`, extend, select, rename, limit, offset, order, by, batch, rows, tokens, auto, infer, route, cascade,
        split
    case weight, aggregate, group, distinct, sample, percent, left, join, nearest, union, unnest, assert, write
    case fill, error, keep, fail, drop, pass, asc, desc, nulls, first, last
    // Clauses.
    case with, on, `as`, when, then, `else`, end, `try`, until
    // Expressions.
    case and, or, not, `is`, null, `in`, between, like, ilike, `case`, cast
    case tryCast = "try_cast"
    case `true`, `false`
    // Types.
    case list, `struct`

    /// A reserved word is a name only in double quotes.
    package var isReserved: Bool {
        switch self {
        case .and, .or, .not, .is, .null, .in, .between, .like, .ilike, .case, .cast, .tryCast, .true, .false, .as, .on,
            .when, .then, .else, .end, .until:
            true
        default: false
        }
    }

    /// Whether a statement can begin with it.
    package var beginsStatement: Bool {
        switch self {
        case .model, .param, .define, .let, .set, .explain, .show, .describe, .load, .from: true
        default: false
        }
    }

    /// The word that a text spells, letter case aside.
    package init?(spelling bytes: some Collection<UInt8>) {
        guard bytes.count <= 9 else { return nil }
        let lowered = bytes.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 | 0x20 : $0 }
        self.init(rawValue: String(decoding: lowered, as: UTF8.self))
    }
}
