import MartletData
import MartletPlanner
import Testing

private let reviews: [[Value]] = (0..<40).map { row in
    [
        .string("r\(row)"), .string(["tweet", "news", "film"][row % 3]), row % 7 == 0 ? .null : .float(Double(row % 5)),
        row % 11 == 0 ? .null : .string(String(repeating: "word ", count: row % 4) + "\(row % 9)"),
    ]
}

private func run(_ text: String, disabled: Set<String>) throws -> (rows: [[String]], Interpreter, OptimizedQuery) {
    var bound = try query(text)
    bound.settings.disabled = disabled
    #expect(bound.root.problem == nil)
    let plan = PlanRules.optimize(bound, validating: true)
    let interpreter = Interpreter(files: ["reviews.csv": reviews], lets: plan.lets)
    return (try interpreter.run(plan.root).texts, interpreter, plan)
}

@Suite struct RuleTests {
    static let scripts = [
        "load 'reviews.csv' |> extend small(text).label as a, small(text).score as b |> where source = 'news' and b > 0.5 |> select id, a",
        "load 'reviews.csv' |> infer small(text) as s |> where s.score > 0.3 and length(text) > 3 |> limit 5 |> select id, s.label",
        "load 'reviews.csv' |> infer small(text) as (label, score) |> order by score desc, id |> where stars > 1 |> limit 7",
        "load 'reviews.csv' |> extend upper(source) as up, stars + 1 as more |> rename id as key |> where up = 'NEWS' and key != 'r4' |> limit 4 offset 1",
        "load 'reviews.csv' |> route when stars > 2 then infer small(text) as (label, score) when source = 'tweet' then infer large(text) as (label, score) else extend null::string as label, 0.0 as score end as arm |> where source != 'film' |> select id, label, arm",
        "load 'reviews.csv' |> infer small(text) as (label) |> route when stars > 2 as a then infer small(text) as (score) when source = 'tweet' then infer large(text) as (score) else infer large(id) as (score) end as arm |> order by length(text) desc, id |> limit 6 |> select id, label, score, arm",
        "load 'reviews.csv' |> route when stars > 2 then infer small(text) as (label, score) when source = 'tweet' then where text is not null |> infer small(text) as (label, score) else infer small(id) as (label) |> extend 0.5 as score end |> select id, label, score",
        "load 'reviews.csv' |> select id, source, small(text).score as p |> order by id |> limit 5 offset 2 |> select id, p",
        "load 'reviews.csv' |> cascade as (label, score) try small(text) until score > 0.6 try large(text) end as tier |> where stars is not null |> aggregate count() as n, avg(score) as mean group by tier, label |> order by n desc, mean",
        "load 'reviews.csv' |> aggregate count() as n, avg(stars) as m, max(small(text).score) as best group by source |> where n > 1 |> select source, best",
        "let d = load 'reviews.csv' |> where source = 'news' |> infer small(text) as (label, score); from d |> union d |> distinct |> limit 6 |> select label, id",
        "let d = load 'reviews.csv' |> infer small(text) as (label, score); from d |> where source = 'news' |> select id, score",
        "load 'reviews.csv' |> route when small(text).score > 0.5 then pass when large(text).score > 0.5 then extend 'x' as source else drop end |> select id, source",
        "load 'reviews.csv' |> split by id weight 1 as a then infer small(text) as (label, score) weight 3 as b then infer large(text) as (label, score) end as v |> aggregate count() as n group by v, label",
        "load 'reviews.csv' |> unnest split(text, ' ') as word |> infer small(word) as s |> where source = 'news' and length(word) > 1 |> select id, s.label |> limit 9",
        "load 'reviews.csv' |> infer small(text) as (label) |> sample 20 |> where source = 'news' |> extend small(text).score as p |> sample 50 percent |> select id, label, p",
        "let d = load 'reviews.csv' |> where length(text) > 4 |> extend [coalesce(stars, 0), length(text)]::float[2] as v; load 'reviews.csv' |> extend [1.0, coalesce(length(text), 0)]::float[2] as q |> nearest 2 d on l2(q, d.v) as far |> where source = 'news' and far < 9 and d.source != 'film' |> select id, d.id as other, far",
        "let d = load 'reviews.csv' |> infer small(text) as (label); load 'reviews.csv' |> join d on stars = d.stars and length(text) > 3 and d.source = 'news' and id != d.id |> where source = 'film' and d.text is not null and d.id != 'r10' |> select id, d.id as other, label",
        "let d = load 'reviews.csv' |> infer small(text) as (label); load 'reviews.csv' |> left join d on id = d.id and d.source = 'news' and length(text) > 5 |> where source != 'film' and (label is null or label != 'x') |> select id, d.id as other, label",
        "load 'reviews.csv' |> where 1 + 1 = 2 and stars > 1 |> where case when 2 > 1 then source = 'news' else false end |> infer small(text) as (label as tone, score as p) |> where true |> select p, tone, id",
    ]

    /// With every rule, with none, and with each one off: the same rows in the same order.
    @Test(arguments: scripts)
    func rulesKeepResults(script: String) throws {
        let plain = try run(script, disabled: ["all"]).rows
        #expect(try run(script, disabled: []).rows == plain)
        for rule in PlanRules.names { #expect(try run(script, disabled: [rule]).rows == plain, "without \(rule)") }
        #expect(!plain.isEmpty)
    }

    @Test func filtersRunBelowModels() throws {
        let text =
            "load 'reviews.csv' |> infer small(text) as s |> where source = 'news' and s.score >= 0 |> select id, s.label"
        let on = try run(text, disabled: []).1
        let off = try run(text, disabled: ["push_filters"]).1
        let news = reviews.count { $0[1] == .string("news") && !$0[3].isNull }
        #expect(on.rowsRun["small"] == news)
        #expect(off.rowsRun["small"] == reviews.count { !$0[3].isNull })
    }

    @Test func equalCallsRunOnce() throws {
        let text =
            "load 'reviews.csv' |> where small(text).score > 0.2 |> extend small(text).label as a |> select id, a"
        #expect(try run(text, disabled: []).1.inferCalls == 1)
        #expect(try run(text, disabled: ["share_infer"]).1.inferCalls == 2)
    }

    /// Chains of models, aliases and a model under two names are seen through.
    @Test(arguments: [
        (
            "load 'reviews.csv' |> extend fit(enc(text).embedding).logits as a, fit(enc(text).embedding).logits as b",
            2, 4
        ),
        (
            "load 'reviews.csv' |> infer small(lower(text)) as (label) |> extend lower(text) as t |> infer small(t) as (score)",
            1, 2
        ),
        (
            "model other = load 'models/tone'; load 'reviews.csv' |> infer small(text) as (label) |> infer other(text) as (score)",
            1, 2
        ),
        (
            "load 'reviews.csv' |> infer small(text) as (label) |> extend upper(text) as text |> infer small(text) as (score)",
            2, 2
        ),
    ])
    func equalCallsAreSeenThroughColumns(text: String, shared: Int, apart: Int) throws {
        let on = try run(text, disabled: ["prune_columns"])
        let off = try run(text, disabled: ["share_infer", "prune_columns"])
        #expect(on.1.inferCalls == shared && off.1.inferCalls == apart)
        #expect(on.rows == off.rows)
    }

    @Test func limitsRunBelowModelsAndStopReading() throws {
        let text = "load 'reviews.csv' |> infer small(text) as s |> limit 3 offset 1 |> select id, s.label"
        let on = try run(text, disabled: []).1
        let off = try run(text, disabled: ["push_limits"]).1
        #expect(on.rowsRun["small"] == 3 && off.rowsRun["small"]! > 30)
        #expect(on.cellsRead == 4 * 2 && off.cellsRead == reviews.count * 2)
    }

    @Test func topsAreSortedOutBelowModels() throws {
        let text = "load 'reviews.csv' |> infer small(text) as s |> order by id |> limit 3 |> select id, s.label"
        #expect(try run(text, disabled: []).1.rowsRun["small"]! <= 3)
        #expect(try run(text, disabled: ["push_tops"]).1.rowsRun["small"]! > 30)
    }

    @Test func armsTakeAnswersOfBefore() throws {
        let text =
            "load 'reviews.csv' |> infer small(text) as (label) |> route when stars > 2 then infer small(text) as (score) else extend 0.0 as score end |> select id, label, score"
        #expect(try run(text, disabled: []).1.inferCalls == 1)
        #expect(try run(text, disabled: ["share_arm_infer"]).1.inferCalls == 2)
    }

    @Test func armsRunTheirModelTogether() throws {
        let text =
            "load 'reviews.csv' |> route when stars > 2 then infer small(text) as (score) when source = 'news' then extend 0.0 as score else infer small(id) as (score) end |> select id, score"
        let (rows, on, _) = try run(text, disabled: [])
        let off = try run(text, disabled: ["batch_arms"])
        #expect(on.inferCalls == 1 && off.1.inferCalls == 2 && on.rowsRun == off.1.rowsRun && rows == off.rows)
    }

    /// What is computed for the rows of other arms must not fail on them; models on models stay one graph; state stays apart.
    @Test(arguments: [
        "load 'reviews.csv' |> route when stars > 2 then infer small(text) as (score) else infer small((1 // 2)::string) as (score) end |> select id, score",
        "load 'reviews.csv' |> route when length(id) // 2 > 0 then infer small(text) as (score) else infer small(id) as (score) end |> select id, score",
        "load 'reviews.csv' |> route when stars > 2 then extend fit(enc(text).embedding).logits as v else extend fit(enc(id).embedding).logits as v end |> select id, v",
    ])
    func armsStayApart(text: String) throws {
        let off: Set<String> = ["fold_constants", "push_limits"]
        let calls = try run(text, disabled: off).1.inferCalls
        #expect(try run(text, disabled: off.union(["batch_arms"])).1.inferCalls == calls)
    }

    @Test(arguments: [
        ("load 'reviews.csv' |> infer small(text) as (label, score) |> select source", 1),
        (
            "load 'reviews.csv' |> cascade as (label, score) try small(text) until stars > 1 try large(text) end |> select label",
            2
        ),
        (
            "load 'reviews.csv' |> route when stars > 1 then infer small(text) as (label, score) else infer large(text) as (label, score) end |> aggregate count() as n group by label",
            2
        ),
        ("let d = load 'reviews.csv' |> infer small(text) as (label, score); from d |> select source", 1),
    ])
    func unusedColumnsAreNotRead(text: String, columns: Int) throws {
        #expect(try run(text, disabled: []).1.cellsRead == reviews.count * columns)
        #expect(try run(text, disabled: ["prune_columns"]).1.cellsRead == reviews.count * 4)
    }

    @Test func unusedModelsAreNotRun() throws {
        let text = "load 'reviews.csv' |> infer small(text) as (label, score) |> aggregate count() as n group by source"
        #expect(try run(text, disabled: []).1.inferCalls == 0)
        #expect(try run(text, disabled: ["prune_columns"]).1.inferCalls == 1)
    }

    @Test func constantsAreFolded() throws {
        let text = "load 'reviews.csv' |> where stars > 1 + 2 * 3 and 'a' = lower('A') |> select id"
        #expect(try run(text, disabled: []).2.root.dump.contains("where stars > 7.0\n"))
        #expect(try run(text, disabled: ["fold_constants"]).2.root.dump.contains("lower('A')"))
    }

    @Test func failingConstantsStay() throws {
        let plan = try run("load 'reviews.csv' |> where false |> select 1 // 0 as x", disabled: []).2
        #expect(plan.root.dump.contains("1 // 0"))
    }
}
