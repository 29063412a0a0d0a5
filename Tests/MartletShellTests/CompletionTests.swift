import Martlet
import MartletShell
import MartletTestSupport
import Testing

/// Candidates at the cursor, which is `^`.
struct CompletionTests {
    private static let sample = ProjectFiles.root + "/examples/data/sample.csv"
    private static let tone = ProjectFiles.root + "/examples/models/tone"

    private func complete(_ marked: String, after: String = "") throws -> Completion {
        let session = Session(threads: 1)
        if !after.isEmpty { try session.run(after) }
        let parts = marked.split(separator: "^", maxSplits: 1, omittingEmptySubsequences: false)
        let text = parts.joined()
        return session.complete(text, cursor: parts[0].utf8.count)
    }

    private func names(_ marked: String, after: String = "") throws -> [String] {
        try complete(marked, after: after).candidates.map(\.text)
    }

    @Test(arguments: [
        ("^", ["model", "param", "define", "let", "set", "explain", "show", "describe", "load", "from"]),
        ("mo^", ["model"]), ("load 'a'; s^", ["set", "show"]), ("LO^", ["load"]),
        ("load 'a' |> ag^", ["aggregate"]), ("load 'a' |> o^", ["order"]), ("load 'a' |> order ^", ["by"]),
        ("load 'a' |> route when x then pa^", ["pass"]), ("load 'a' w^", ["with"]),
        ("set thr^", ["threads"]), ("set format = c^", ["csv"]), ("set pack = ^", ["true", "false"]),
        ("set disable = push_l^", ["push_limits"]), ("set batch = ^", ["auto"]), ("set seed = ^", []),
        ("show mod^", ["models"]), ("explain an^", ["analyze"]), ("let x = l^", ["load"]),
        ("let ^", []), ("load 'a' |> extend 1 as ^", []), ("-- lo^", []), ("model m = ^", ["load"]),
        ("load 'a' |> where x::fl^", ["float"]), ("load 'a' |> infer m(x) on error ke^", ["keep as"]),
    ])
    func words(_ text: String, _ expected: [String]) throws { #expect(try names(text) == expected) }

    @Test func columnsInScope() throws {
        let load = "load '\(Self.sample)'"
        #expect(try names("\(load) |> where te^").contains("text"))
        #expect(try names("\(load) |> where sou^ |> limit 3") == ["source"])
        #expect(try names("\(load) |> select id |> where sou^").isEmpty)
        #expect(try names("\(load) |> extend length(text) as chars |> order by ch^").contains("chars"))
        #expect(try names("let x = \(load) |> rename id as key |> select ke^") == ["key"])
        #expect(try names("explain \(load) |> select sou^") == ["source"])
        // In an arm of a route the columns before the route are in scope.
        #expect(try names("\(load) |> route when id = 'a' then where sou^") == ["source"])
        #expect(try names("from d |> where sou^", after: "let d = \(load)") == ["source"])
        #expect(try names("let d = \(load); from d |> where sou^") == ["source"])
    }

    @Test func functionsOpenTheirParenthesis() throws {
        let found = try complete("load '\(Self.sample)' |> where leng^")
        #expect(found.candidates.map(\.inserted) == ["length("])
        #expect(found.start == "load '\(Self.sample)' |> where ".utf8.count)
        #expect(try names("from values (1) as t(a) |> aggregate cou^").contains("count"))
        #expect(try !names("from values (1) as t(a) |> where cou^").contains("count"))
        // Behind an operand comes an operator.
        #expect(try names("from values (1) as t(a) |> where a be^") == ["between"])
    }

    @Test func argumentsByTheirTypes() throws {
        let rows = "from values (1, 0.5, 'a', true) as t(xint, xfloat, xtext, xbool)"
        #expect(try names("\(rows) |> where length(x^") == ["xtext"])
        #expect(try names("\(rows) |> where substring(xtext, x^") == ["xint"])
        #expect(try names("\(rows) |> extend sqrt(x^") == ["xint", "xfloat"])
        // Any type, and behind an operator nobody knows.
        #expect(try names("\(rows) |> extend coalesce(x^").count == 4)
        #expect(try names("\(rows) |> extend length(xtext || x^").count == 4)
        // What does not fit may be cast.
        #expect(try names("\(rows) |> extend length(xb^") == ["xbool"])
        // Functions by what they give; another call's bracket does not count.
        #expect(try names("\(rows) |> extend upper(lo^") == ["lower"])
        #expect(try names("\(rows) |> extend length(upper(xtext), x^").count == 4)
        #expect(try !names("\(rows) |> extend sqrt(^").contains("upper"))
        #expect(try names("define twice(a int) = a * 2; \(rows) |> extend tw^") == ["twice"])
    }

    @Test func optionsOfWith() throws {
        #expect(try complete("load 'a.csv' with (hea^").candidates.map(\.inserted) == ["header = "])
        #expect(try names("load 'a.csv' with (header = true, quo^") == ["quote"])
        #expect(try !names("load 'a.jsonl' with (^").contains("quote"))
        #expect(try names("load 'a' with (format = 'csv', quo^") == ["quote"])
        #expect(try names("model m = load 'a' with (max_t^") == ["max_tokens"])
        #expect(try names("load 'a.csv' |> write 'b.csv' with (head^") == ["header"])
        #expect(try names("load 'a.csv' |> infer m(x) with (^") == ["state", "by"])
        #expect(
            try names("load 'a.csv' |> cascade as (l) try m(x) until l > 1 try n(x) end with (t^") == [
                "truth", "target",
            ])
        #expect(try !names("load 'a.csv' with (header = ^").contains("header"))
    }

    @Test func modelsAndTheirOutputs() throws {
        let model = "model tone = load '\(Self.tone)';"
        let load = "load '\(Self.sample)'"
        #expect(try complete("\(model) \(load) |> infer to^").candidates.map(\.inserted) == ["tone("])
        #expect(try names("\(load) |> infer to^", after: model) == ["tone"])
        #expect(try names("\(load) |> extend tone(text).sc^", after: model) == ["score"])
        #expect(try names("\(load) |> infer tone(text) as s |> select s.^", after: model) == ["s.label", "s.score"])
        #expect(try names("describe to^", after: model) == ["tone"])
    }

    @Test func parametersAndRelations() throws {
        let script = "param sure float = 0.5; param q string = 'x'; let docs = from values (1) as t(a);"
        #expect(try names("from values (1) as t(a) |> where a > $^", after: script) == ["$sure", "$q"])
        #expect(try names("from values (1) as t(a) |> where a > $su^", after: script) == ["$sure"])
        #expect(try names("from do^", after: script) == ["docs"])
    }

    @Test func pathsAreLeftToTheShell() throws {
        let found = try complete("load 'examples/da^")
        #expect(found.isPath)
        #expect(found.path == "examples/da")
        #expect(found.start == 6)
    }

    @Test func filesAndFolders() {
        let root = ProjectFiles.root
        let folder = Completion.path("\(root)/examples/da", start: 6)
        #expect(folder.candidates.map(\.inserted) == ["\(root)/examples/data/"])
        let file = Completion.path("\(root)/examples/data/samp", start: 6)
        #expect(file.candidates.map(\.inserted) == ["\(root)/examples/data/sample.csv'"])
        #expect(Completion.path("\(root)/no such folder/x", start: 0).candidates.isEmpty)
        // Hidden files only for who asks for them.
        #expect(Completion.path("\(root)/.swift-f", start: 0).candidates.count == 1)
        #expect(!Completion.path("\(root)/", start: 0).candidates.contains { $0.text.hasPrefix("\(root)/.") })
    }

    @Test func commonBeginning() {
        let candidates = ["score", "source", "so"].map { Completion.Candidate($0) }
        #expect(Completion(start: 0, candidates: candidates).commonBeginning == "s")
        #expect(Completion(start: 0, candidates: []).commonBeginning.isEmpty)
    }

    @Test func anyTextAtAnyPlace() {
        let text =
            "model m = load 'x'; load 'a' |> route when s.a > $q then infer m(\"ü\") as (b) else fail 'no' end -- x"
        let session = Session(threads: 1)
        for cursor in 0...(text.utf8.count + 1) {
            let found = session.complete(text, cursor: cursor)
            #expect(found.start <= min(cursor, text.utf8.count) + 2)
        }
    }
}
