/// How one stage is written: the parser looks stage names up here, and shells complete from here.
package struct StageSyntax: Sendable {
    package let name: String
    /// One line that shows the form.
    package let form: String
    let word: Word
    /// Entered behind the name's first word.
    let parse: @Sendable (inout Parser, Token) throws(Parser.Bail) -> Stage.Kind

    init(
        _ word: Word, _ form: String,
        _ parse: @escaping @Sendable (inout Parser, Token) throws(Parser.Bail) -> Stage.Kind
    ) {
        name = word.rawValue
        self.word = word
        self.form = form
        self.parse = parse
    }

    /// Every stage of the language, in the order in which the documentation tells them.
    package static let all: [StageSyntax] = [
        StageSyntax(.where, "where condition") { p, _ throws(Parser.Bail) in .where(try p.expression()) },
        StageSyntax(.extend, "extend expr as name, …") { p, _ throws(Parser.Bail) in .extend(try p.items()) },
        StageSyntax(.select, "select expr [as name], …") { p, t throws(Parser.Bail) in try p.selectStage(t) },
        StageSyntax(.rename, "rename old as new, …") { p, _ throws(Parser.Bail) in .rename(try p.renamings()) },
        StageSyntax(.limit, "limit count [offset count]") { p, _ throws(Parser.Bail) in try p.limitStage() },
        StageSyntax(.order, "order by expr [asc|desc] [nulls first|last], …") { p, _ throws(Parser.Bail) in
            try p.orderStage()
        },
        StageSyntax(.batch, "batch count | rows count | tokens count | auto") { p, _ throws(Parser.Bail) in
            .batch(try p.batchSize())
        },
        StageSyntax(.infer, "infer model(input, …) [as outputs] [with (…)] [on error …]") { p, _ throws(Parser.Bail) in
            try p.inferStage()
        },
        StageSyntax(.route, "route when condition then … else … end") { p, t throws(Parser.Bail) in
            .route(try p.route(t))
        },
        StageSyntax(.cascade, "cascade as outputs try model(…) until condition … try model(…) end") {
            p, t throws(Parser.Bail) in .cascade(try p.cascade(t))
        },
        StageSyntax(.split, "split by expr weight count [as name] then … end") { p, t throws(Parser.Bail) in
            .split(try p.split(t))
        },
        StageSyntax(.aggregate, "aggregate expr [as name], … [group by expr, …]") { p, _ throws(Parser.Bail) in
            try p.aggregateStage()
        },
        StageSyntax(.distinct, "distinct [on (expr, …)]") { p, _ throws(Parser.Bail) in try p.distinctStage() },
        StageSyntax(.sample, "sample count [percent]") { p, _ throws(Parser.Bail) in
            let count = try p.count("a count of rows")
            return .sample(count, percent: p.take(Word.percent) != nil)
        },
        StageSyntax(.join, "join relation on condition") { p, _ throws(Parser.Bail) in try p.joinStage(left: false) },
        StageSyntax(.left, "left join relation on condition") { p, _ throws(Parser.Bail) in
            try p.expect(.join)
            return try p.joinStage(left: true)
        },
        StageSyntax(.nearest, "nearest count relation on similarity [as name]") { p, _ throws(Parser.Bail) in
            try p.nearestStage()
        },
        StageSyntax(.union, "union relation") { p, _ throws(Parser.Bail) in .union(try p.relation()) },
        StageSyntax(.unnest, "unnest expr as name") { p, _ throws(Parser.Bail) in
            let value = try p.expression()
            try p.expect(.as)
            return .unnest(value, as: try p.name())
        },
        StageSyntax(.assert, "assert condition [, 'message']") { p, _ throws(Parser.Bail) in
            let condition = try p.expression()
            return .assert(condition, message: p.take(.comma) == nil ? nil : try p.string("a message"))
        },
        StageSyntax(.write, "write 'path' [with (…)]") { p, _ throws(Parser.Bail) in
            let path = try p.string("a path")
            return .write(path, options: try p.options())
        },
    ]

    /// Names of all stages.
    package static let names: [String] = all.map(\.name)

    static let byWord: [Word: StageSyntax] = Dictionary(uniqueKeysWithValues: all.map { ($0.word, $0) })

    /// What other languages call our stages.
    static let synonyms: [String: String] = [
        "filter": "where", "map": "extend", "mutate": "extend", "derive": "extend", "project": "select",
        "take": "limit",
        "head": "limit", "top": "limit", "sort": "order by", "orderby": "order by", "groupby": "aggregate … group by",
        "group": "aggregate … group by", "summarize": "aggregate", "summarise": "aggregate", "having": "where",
        "save": "write", "export": "write", "store": "write", "into": "write", "predict": "infer", "classify": "infer",
        "run": "infer", "switch": "route", "unique": "distinct", "explode": "unnest", "flatten": "unnest",
        "append": "union", "concat": "union", "inner": "join",
    ]
}
