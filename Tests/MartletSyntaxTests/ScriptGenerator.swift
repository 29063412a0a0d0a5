import MartletSyntax

/// Makes random scripts that the grammar allows, with names and literals chosen to be awkward.
struct ScriptGenerator {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private static let names = [
        "a", "text", "Score", "limit", "order", "group", "by", "weight", "end", "select", "two words", "a\"b",
        "ünïcode",
        "left", "join", "try", "values", "table", "list", "desc", "nulls", "offset", "1st", "from", "null", "-- x",
        "auto",
    ]
    private static let strings = [
        "", "a", "it's", "''", "-- no comment", "two\nlines", "a;b |> c", "\"q\"", "日本語 🎉", "\\s+",
    ]

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    mutating func some<T>(_ range: ClosedRange<Int>, _ make: (inout Self) -> T) -> [T] {
        (0..<Int.random(in: range, using: &random)).map { _ in make(&self) }
    }

    mutating func maybe<T>(_ make: (inout Self) -> T) -> T? { chance(40) ? make(&self) : nil }

    mutating func name() -> Name { Name(Self.names.randomElement(using: &random) ?? "a") }

    mutating func parameter() -> Name { Name(chance(50) ? "q" : "limit") }

    mutating func string() -> StringLiteral { StringLiteral(Self.strings.randomElement(using: &random) ?? "") }

    mutating func count() -> IntegerLiteral {
        IntegerLiteral(Int.random(in: 0...(chance(10) ? Int.max : 9), using: &random))
    }

    // MARK: Statements

    mutating func script() -> Script { Script(some(0...4) { $0.statement() }) }

    mutating func statement() -> Statement {
        switch Int.random(in: 0..<11, using: &random) {
        case 0:
            let signature = maybe { Signature(inputs: $0.fields(), outputs: $0.fields()) }
            return Statement(.model(name: name(), path: expr(2), signature: signature, options: options()))
        case 1: return Statement(.param(name: name(), type: type(2), default: maybe { $0.expr(2) }))
        case 2: return Statement(.tableParam(name: name(), fields: fields()))
        case 3: return Statement(.define(name: name(), parameters: fields(), body: .expression(expr(4))))
        case 4:
            // A lone call is an expression.
            var stages = stages(2)
            if stages.count == 1, case .call = stages[0].kind { stages.append(Stage(.distinct(on: []))) }
            return Statement(.define(name: name(), parameters: fields(), body: .stages(stages)))
        case 5: return Statement(.let(name: name(), query: query(2)))
        case 6: return Statement(.set(name: name(), value: expr(2)))
        case 7: return Statement(.explain(analyze: chance(50), query: query(2)))
        case 8: return Statement(chance(50) ? .show(name()) : .describe(name()))
        default: return Statement(.query(query(3)))
        }
    }

    mutating func fields() -> [Field] { some(0...2) { Field($0.name(), $0.type(2), notNull: $0.chance(30)) } }

    mutating func options() -> [Option] { chance(30) ? some(1...2) { Option($0.name(), $0.expr(1)) } : [] }

    mutating func inferOptions() -> InferOptions {
        InferOptions(
            state: chance(30) ? some(1...2) { StateLink($0.name(), $0.name()) } : [],
            others: options().filter { $0.name.text.lowercased() != "state" })
    }

    mutating func type(_ depth: Int) -> TypeExpr {
        switch depth > 0 ? Int.random(in: 0..<5, using: &random) : 0 {
        case 3: return TypeExpr(.list(type(depth - 1)))
        case 4: return TypeExpr(.struct(some(0...2) { Field($0.name(), $0.type(depth - 1)) }))
        default:
            let dims: [TypeExpr.Dim] =
                chance(40)
                ? some(1...3) { g in
                    [TypeExpr.Dim.size(g.count()), .named(g.name()), .unknown].randomElement(using: &g.random)
                        ?? .unknown
                } : []
            return TypeExpr(.named(name(), dims: dims))
        }
    }

    // MARK: Queries

    mutating func query(_ depth: Int) -> Query { Query(source: source(depth), stages: chance(20) ? [] : stages(depth)) }

    mutating func source(_ depth: Int) -> Source {
        chance(50)
            ? Source(.load(path: string(), options: options(), alias: maybe { $0.name() }))
            : Source(.from(relation(depth)))
    }

    mutating func relation(_ depth: Int) -> Relation {
        let kind: Relation.Kind
        switch Int.random(in: 0..<(depth > 0 ? 5 : 3), using: &random) {
        case 0: kind = .parameter(parameter())
        case 1: kind = .values(some(1...2) { g in Row(g.some(1...2) { $0.expr(1) }) })
        case 3: kind = .query(query(depth - 1))
        default: kind = .named(name())
        }
        guard let alias = maybe({ $0.name() }) else { return Relation(kind) }
        return Relation(kind, alias: alias, columns: chance(40) ? some(1...3) { $0.name() } : [])
    }

    mutating func stages(_ depth: Int) -> [Stage] { some(1...3) { $0.stage(depth) } }

    mutating func stage(_ depth: Int) -> Stage {
        switch Int.random(in: 0..<(depth > 0 ? 21 : 18), using: &random) {
        case 0: Stage(.where(expr(4)))
        case 1: Stage(.extend(items(star: false)))
        case 2: Stage(.select(items(star: true)))
        case 3: Stage(.rename(some(1...3) { Renaming(from: $0.name(), to: $0.name()) }))
        case 4: Stage(.limit(count(), offset: maybe { $0.count() }))
        case 5:
            Stage(
                .orderBy(
                    some(1...3) { g in
                        OrderKey(g.expr(2), descending: g.chance(50), nullsFirst: g.maybe { $0.chance(50) })
                    }))
        case 6: Stage(.batch([.auto, .rows(count()), .tokens(count())].randomElement(using: &random) ?? .auto))
        case 7:
            Stage(
                .infer(
                    call(2), outputs: maybe { $0.outputs() }, options: inferOptions(), onError: maybe { $0.onError() }))
        case 8: Stage(.aggregate(items(star: false), groupBy: chance(50) ? items(star: false) : []))
        case 9: Stage(.distinct(on: chance(50) ? some(1...2) { $0.expr(2) } : []))
        case 10: Stage(.sample(count(), percent: chance(50)))
        case 11: Stage(.join(relation(depth), left: chance(50), on: expr(2)))
        case 12: Stage(.nearest(count(), relation(depth), on: expr(2), name: maybe { $0.name() }))
        case 13: Stage(.union(relation(depth)))
        case 14: Stage(.unnest(expr(2), as: name()))
        case 15: Stage(.assert(expr(2), message: maybe { $0.string() }))
        case 16: Stage(.write(string(), options: options()))
        case 17: Stage(.call(call(1)))
        case 18:
            Stage(
                .route(
                    Route(
                        arms: some(0...2) { g in
                            RouteArm(when: g.expr(2), name: g.maybe { $0.name() }, then: g.body(depth - 1))
                        }, otherwise: body(depth - 1), fillNull: chance(30), armColumn: maybe { $0.name() })))
        case 19:
            Stage(
                .cascade(
                    Cascade(
                        outputs: outputs(), tiers: some(0...2) { CascadeTier($0.call(1), until: $0.expr(2)) },
                        last: call(1), tierColumn: maybe { $0.name() }, options: options(),
                        onError: maybe { $0.onError() })))
        default:
            Stage(
                .split(
                    Split(
                        by: expr(2),
                        arms: some(1...3) { g in
                            SplitArm(weight: g.count(), name: g.maybe { $0.name() }, then: g.body(depth - 1))
                        }, armColumn: maybe { $0.name() })))
        }
    }

    mutating func body(_ depth: Int) -> Body {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: Body(.pass)
        case 1: Body(.drop)
        case 2: Body(.fail(string()))
        default: Body(.stages(stages(depth)))
        }
    }

    mutating func items(star: Bool) -> [Item] {
        some(1...4) { g in
            if star, g.chance(20) { return Item(.star(of: g.maybe { $0.name() })) }
            return Item(.expression(g.expr(3), alias: g.maybe { $0.name() }))
        }
    }

    mutating func outputs() -> Outputs {
        chance(50) ? .single(name()) : .fields(some(1...3) { g in OutputField(g.name(), alias: g.maybe { $0.name() }) })
    }

    mutating func onError() -> OnError {
        OnError([.fail, .null, .drop, .keep(as: name())].randomElement(using: &random) ?? .fail)
    }

    mutating func call(_ depth: Int) -> Call {
        Call(
            name(),
            some(0...3) { g in
                switch Int.random(in: 0..<4, using: &g.random) {
                case 0: Argument(.named(g.name(), g.expr(depth)))
                case 1: Argument(.star)
                default: Argument(.positional(g.expr(depth)))
                }
            })
    }
}
