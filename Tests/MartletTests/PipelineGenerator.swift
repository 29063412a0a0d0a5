/// Random scripts over three small tables: stages, models, arms, lets and definitions, of columns that are known to be there.
///
/// Texts are few, so that rows repeat; floats sum exactly. `mayFail` lets expressions fail on some rows.
struct PipelineGenerator {
    struct Column {
        var name: String
        /// i int, f float, s string, b bool.
        var type: Character
    }

    private var state: UInt64
    private let mayFail: Bool
    private var names = 0
    /// Whether rows may be left out whose place depends on how far the query is run.
    private(set) var hasLimit = false

    init(seed: UInt64, mayFail: Bool) {
        state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
        self.mayFail = mayFail
        for _ in 0..<4 { _ = next(2) }
    }

    static let texts = ["I love it", "dull", "so-so", "", "I hate this", "fine film"]
    static let declarations = """
        model tone = load 'examples/models/tone';
        model brief = load 'examples/models/tone' with (max_tokens = 4);
        define twice(n int) = n + n;
        define feel(t string) = tone(t).label;
        """
    static let tables = ["ta", "tb", "tc"]
    static let columns = [("k", "i"), ("x", "f"), ("s", "s"), ("p", "b")].map { Column(name: $0, type: Character($1)) }

    private mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
    private mutating func pick<T>(_ choices: [T]) -> T { choices[next(choices.count)] }
    private mutating func chance(_ percent: Int) -> Bool { next(100) < percent }
    private mutating func newName() -> String {
        names += 1
        return "c\(names)"
    }

    mutating func script() -> String {
        var text = Self.declarations
        for table in Self.tables {
            let rows = (0..<1 + next(9)).map { _ in
                "(\(pick(["0", "1", "2", "3", "-1", "null"])), \(pick(["0.5", "-1.25", "2.0", "null::float", "8.75"])), "
                    + "\(chance(15) ? "null" : "'\(pick(Self.texts))'"), \(pick(["true", "false", "null::bool"])))"
            }
            text +=
                "let \(table) = from values (7, 0.25, 'dull', true), \(rows.joined(separator: ", ")) as v(k, x, s, p);\n"
        }
        var columns = Self.columns
        text += "from \(pick(Self.tables))"
        for _ in 0..<1 + next(6) { text += "\n|> " + stage(&columns) }
        return text
    }

    // MARK: Expressions

    private mutating func expression(_ type: Character, _ columns: [Column], _ depth: Int = 2) -> String {
        let fitting = columns.filter { $0.type == type }
        if depth == 0 || chance(35) {
            if !fitting.isEmpty, chance(80) { return pick(fitting).name }
            switch type {
            case "i": return pick(["0", "1", "2", "(-1)", "null::int"])
            case "f": return pick(["0.5", "2.0", "(-1.25)", "null::float"])
            case "s": return chance(10) ? "null::string" : "'\(pick(Self.texts))'"
            default: return pick(["true", "false", "null::bool"])
            }
        }
        func sub(_ type: Character) -> String { expression(type, columns, depth - 1) }
        switch type {
        case "i":
            switch next(mayFail ? 9 : 7) {
            case 0: return "(\(sub("i")) + \(sub("i")))"
            case 1: return "length(\(sub("s")))"
            case 2: return "coalesce(\(sub("i")), \(sub("i")))"
            case 3: return "case when \(sub("b")) then \(sub("i")) else \(sub("i")) end"
            case 4: return "twice(\(sub("i")))"
            case 5: return "nullif(\(sub("i")), \(sub("i")))"
            case 6: return "(\(sub("i")) * 2)"
            case 7: return "(6 // \(sub("i")))"
            default: return "(\(sub("s")))::int"
            }
        case "f":
            switch next(4) {
            case 0: return "(\(sub("f")) + \(sub("i")))"
            case 1: return "greatest(\(sub("f")), \(sub("f")))"
            case 2: return "round(tone(\(sub("s"))).score, 2)"
            default: return "abs(\(sub("f")))"
            }
        case "s":
            switch next(5) {
            case 0: return "lower(\(sub("s")))"
            case 1: return "left(\(sub("s")), 6)"
            case 2: return "feel(\(sub("s")))::string"
            case 3: return "\(chance(50) ? "tone" : "brief")(\(sub("s"))).label::string"
            default: return "coalesce(\(sub("s")), 'dull')"
            }
        default:
            switch next(8) {
            case 0: return "(\(sub("i")) > \(sub("i")))"
            case 1: return "(\(sub("b")) and \(sub("b")))"
            case 2: return "(\(sub("b")) or \(sub("b")))"
            case 3: return "(not \(sub("b")))"
            case 4: return "(\(sub("s")) = \(sub("s")))"
            case 5: return "(\(sub("f")) is distinct from \(sub("f")))"
            case 6: return "(tone(\(sub("s"))).score > 0.6)"
            default: return "(\(sub("i")) in (1, 2, null))"
            }
        }
    }

    private mutating func item(_ columns: [Column]) -> (String, Column) {
        let column = Column(name: newName(), type: pick(["i", "f", "s", "b"]))
        return ("\(expression(column.type, columns)) as \(column.name)", column)
    }

    private mutating func key(_ columns: [Column]) -> String { expression(pick(["i", "s", "b"]), columns, 1) }

    // MARK: Stages

    /// What an arm does: it keeps the columns and their types.
    private mutating func body(_ columns: [Column]) -> String {
        switch next(6) {
        case 0: return "pass"
        case 1: return "drop"
        case 2: return "where \(expression("b", columns))"
        case 3: return "extend \(expression("f", columns)) as x"
        case 4: return "where \(expression("b", columns, 1)) |> extend \(expression("s", columns)) as s"
        default: return "extend feel(\(expression("s", columns, 1)))::string as s"
        }
    }

    private mutating func stage(_ columns: inout [Column]) -> String {
        switch next(20) {
        case 0, 1, 2: return "where \(expression("b", columns))"
        case 3, 4:
            let (text, column) = item(columns)
            let second = item(columns)
            columns += [column, second.1]
            return "extend \(text), \(second.0)"
        case 5:
            // `k`, `x`, `s` and `p` stay, so that arms and relations find them.
            let kept = columns.filter { $0.name.count == 1 || chance(60) }
            let (text, column) = item(columns)
            columns = kept + [column]
            return "select \((kept.map(\.name) + [text]).joined(separator: ", "))"
        case 6:
            guard let place = columns.indices.last, columns[place].name.count > 1 else { return "distinct" }
            let old = columns[place].name
            columns[place].name = newName()
            return "rename \(old) as \(columns[place].name)"
        case 7:
            hasLimit = true
            return "limit \(next(6))\(chance(40) ? " offset \(next(3))" : "")"
        case 8: return "order by \(key(columns))\(chance(50) ? " desc" : ""), \(key(columns))"
        case 9, 10:
            let name = newName()
            columns.append(Column(name: name, type: "s"))
            let call = "\(chance(60) ? "tone" : "brief")(\(expression("s", columns.dropLast(), 1)))"
            return "infer \(call) as (label as \(name)) |> extend \(name)::string as \(name)"
        case 11:
            let name = newName()
            let text =
                "route when \(expression("b", columns)) as a then \(body(columns)) when \(expression("b", columns)) as b then "
                + "\(body(columns)) else \(body(columns)) end as \(name)"
            // All arms may be `drop`, and then nothing is left to go on with.
            guard text.contains("then where") || text.contains("then extend") || text.contains("then pass") else {
                return "where p"
            }
            columns.append(Column(name: name, type: "s"))
            return text
        case 12:
            let name = newName()
            let text = expression("s", columns, 1)
            columns.append(Column(name: name, type: "s"))
            return "cascade as (label as \(name)) try brief(\(text)) until \(name) = 'positive' try tone(\(text)) end "
                + "|> extend \(name)::string as \(name)"
        case 13:
            let name = newName()
            let text =
                "split by \(key(columns)) weight 1 as a then \(body(columns)) weight 2 as b then pass end as \(name)"
            columns.append(Column(name: name, type: "s"))
            return text
        case 14:
            let (text, column) = item(columns)
            let group = "k"
            columns = Self.columns + [column]
            names += 1
            return
                "extend \(text) |> aggregate first(x) as x, first(s) as s, max(p) as p, first(\(column.name)) as \(column.name), "
                + "count() as n\(names) group by \(group)"
        case 15: return chance(50) ? "distinct" : "distinct on (\(key(columns)))"
        case 16:
            hasLimit = true
            return chance(50) ? "sample \(1 + next(4))" : "sample \(30 + next(60)) percent"
        case 17:
            let other = pick(Self.tables)
            let name = newName()
            columns.append(Column(name: name, type: "i"))
            let more = chance(40) ? pick([" and p", " and x > 0", " and not p"]) : ""
            return
                "\(chance(40) ? "left " : "")join (from \(other) |> select k as j, k as \(name)\(chance(40) ? " |> where j > 0" : ""))"
                + " as r\(name) on k = r\(name).j\(more) |> select \(columns.map(\.name).joined(separator: ", "))"
        case 18:
            let inner = "from \(pick(Self.tables)) |> where \(expression("b", Self.columns, 1)) |> select k, x, s, p"
            columns = Self.columns
            return "select k, x, s, p |> union (\(inner))"
        default:
            let name = newName()
            columns.append(Column(name: name, type: "i"))
            let list = "[\(expression("i", Array(columns.dropLast()), 1)), k]"
            return "unnest \(list) as \(name)"
        }
    }
}
