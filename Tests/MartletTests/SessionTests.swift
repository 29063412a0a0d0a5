import Foundation
import Martlet
import MartletTestSupport
import Testing

/// The library: sessions, prepared scripts, streams, results, errors, profiles.
@Suite
struct SessionTests {
    init() { ProjectFiles.enter() }

    private func failure<R>(_ body: () throws(MartletError) -> R) -> MartletError? {
        do {
            _ = try body()
            return nil
        } catch {
            return error
        }
    }

    // MARK: Parameters

    @Test func aPreparedScriptRunsWithDifferentParameters() throws {
        let prepared = try Session().prepare(
            "param low int = 2; from values (1), (2), (3) as t(n) |> where n >= $low |> aggregate count() as n")
        #expect(try prepared.run().values("n") == [2])
        for (low, count) in [(3, 1), (0, 3), (9, 0)] {
            try prepared.bind("low", .int(Int64(low)))
            #expect(try prepared.run().values("n") == [.int(Int64(count))])
        }
    }

    @Test func aParameterWithoutAValueIsAnError() throws {
        let prepared = try Session().prepare("param low int; from values (1) as t(n) |> where n >= $low")
        let error = try #require(failure { () throws(MartletError) in try prepared.run() })
        #expect(error.problems.map(\.code) == ["E0215"])
        #expect(error.problems[0].help?.contains("low") == true)
        try prepared.bind("low", 1)
        #expect(try prepared.run().rowCount == 1)
    }

    @Test func aParameterOfTheWrongTypeIsAnError() throws {
        let script = "param low int; from values (1) as t(n) |> where n >= $low"
        let error = try #require(
            failure { () throws(MartletError) in try Session().run(script, parameters: ["low": "many"]) })
        #expect(error.problems.map(\.code) == ["E0214"])
        #expect(try Session().run(script, parameters: ["LOW": 1]).rowCount == 1)
    }

    @Test func anUnknownParameterIsAnErrorWithASuggestion() throws {
        let script = "param threshold int = 1; from values (1) as t(n) |> where n >= $threshold"
        let error = try #require(
            failure { () throws(MartletError) in try Session().run(script, parameters: ["treshold": 1]) })
        #expect(error.problems[0].help?.contains("threshold") == true)
    }

    private let table = "param input table (id int not null, text string, weight float);"

    @Test func rowsAndColumnsGoIn() throws {
        let prepared = try Session().prepare(table + "from $input |> select id, text, weight * 2 as double")
        try prepared.bind("input", rows: [["id": 1, "text": "a", "weight": 0.5], ["ID": 2, "weight": 3], ["id": 3]])
        let results = try prepared.run()
        #expect(results.values("id") == [1, 2, 3])
        #expect(results.values("text") == ["a", nil, nil])
        #expect(results.values("double") == [1.0, 6.0, nil])
        try prepared.bind("input", columns: ["id": [7, 8], "text": ["x", "y"]])
        #expect(try prepared.run().values("text") == ["x", "y"])
        try prepared.bind("input", rows: [])
        #expect(try prepared.run().rowCount == 0)
    }

    @Test func rowsThatDoNotFitAreErrorsWithSuggestions() throws {
        let prepared = try Session().prepare(table + "from $input")
        func problem(_ body: () throws(MartletError) -> Void) throws -> MartletError.Problem {
            let error = failure(body)
            return try #require(error).problems[0]
        }
        var found = try problem { () throws(MartletError) in try prepared.bind("input", rows: [["id": 1, "txt": "a"]]) }
        #expect(found.message.contains("`txt`") && found.help?.contains("text") == true, "\(found.rendered)")
        found = try problem { () throws(MartletError) in try prepared.bind("input", rows: [["id": 1], ["id": "x"]]) }
        #expect(found.message.contains("row 2") && found.message.contains("int"), "\(found.rendered)")
        found = try problem { () throws(MartletError) in try prepared.bind("input", rows: [["text": "a"]]) }
        #expect(found.message.contains("`id`") && found.message.contains("not null"), "\(found.rendered)")
        found = try problem { () throws(MartletError) in
            try prepared.bind("input", columns: ["id": [1, 2], "text": ["a"]])
        }
        #expect(found.message.contains("values"), "\(found.rendered)")
        found = try problem { () throws(MartletError) in try prepared.bind("inputs", rows: []) }
        #expect(found.help?.contains("input") == true, "\(found.rendered)")
        found = try problem { () throws(MartletError) in _ = try prepared.run() }
        #expect(found.message.contains("`input`") && found.help != nil, "\(found.rendered)")
    }

    @Test func vectorsGoIn() throws {
        let prepared = try Session().prepare("param input table (v float[3]); from $input |> select norm(v) as n, v")
        try prepared.bind("input", rows: [["v": .tensor([3, 0, 4], shape: [3])]])
        let results = try prepared.run()
        #expect(results.values("n") == [5.0])
        #expect(results.floats("v")?.elements == [3, 0, 4])
        #expect(results.floats("v")?.shape == [3])
        #expect(results.floats("n") == nil && results.floats("gone") == nil)
        let error = failure { () throws(MartletError) in
            try prepared.bind("input", rows: [["v": .tensor([3, 0], shape: [2])]])
        }
        #expect(error != nil)
    }

    // MARK: Results

    @Test func resultsAreReadByRowAndByColumn() throws {
        let results = try Session().run(
            "set morsel_rows = 2; from values (1, 'a', 0.5, true), (2, null, null, false), (3, 'c', 1.5, null) as t(n, s, x, b)"
        )
        #expect(results.columns.map(\.name) == ["n", "s", "x", "b"])
        #expect(results.columns.map(\.type) == ["int", "string", "float", "bool"])
        #expect(results.rows.count == 3)
        #expect(results.rows[2]["S"] == "c" && results.rows[2]["gone"].isNull)
        #expect(results.rows.map { $0["n"].int } == [1, 2, 3])
        #expect(results.rows[1].values == [2, nil, nil, false])
        #expect(results.rows[0][2].float == 0.5 && results.rows[0]["b"].bool == true)
        #expect(results.values("gone") == nil)
    }

    @Test func nestedValuesComeOut() throws {
        let row = try Session().run(
            "from values (1) as t(n) |> select [n, 2] as l, {a: n, b: 'x'} as s, one_hot(n, 2) as v"
        )
        .rows[0]
        #expect(row["l"] == [1, 2])
        #expect(row["s"] == .structure([.init("a", 1), .init("b", "x")]))
        #expect(row["v"].floats == [0, 1])
    }

    @Test func aStreamGivesTheSamePieceByPiece() throws {
        let script = "load 'examples/data/sample.csv' |> where length(text) > 20 |> select id, text"
        let whole = try Session().run(script)
        let stream = try Session().prepare("set morsel_rows = 32;" + script).stream()
        #expect(stream.columns == whole.columns)
        var ids: [Value] = []
        var pieces = 0
        while let piece = try stream.next() {
            #expect(piece.rowCount > 0)
            ids += piece.values("id") ?? []
            pieces += 1
        }
        #expect(pieces > 1)
        #expect(ids == whole.values("id"))
        #expect(try stream.next() == nil)
    }

    @Test func theLastQueryCounts() throws {
        #expect(try Session().run("from values (1) as t(n); from values (2) as t(n)").values("n") == [2])
        #expect(try Session().run("set threads = 1").rowCount == 0)
        #expect(failure { () throws(MartletError) in try Session().prepare("set threads = 1").stream() } != nil)
    }

    // MARK: Errors

    @Test func errorsHaveCodePlaceAndJSON() throws {
        let error = try #require(
            failure { () throws(MartletError) in
                try Session().run("from values (1) as t(number)\n|> where nunber > 1", name: "my.mlet")
            })
        let problem = error.problems[0]
        #expect(problem.code == "E0101" && problem.isError)
        #expect(problem.location?.line == 2 && problem.location?.column == 10)
        #expect(problem.help == "did you mean `number`?")
        #expect(error.description == problem.rendered)
        let json = try JSONSerialization.jsonObject(with: Data(problem.json.utf8)) as? [String: Any]
        #expect(json?["code"] as? String == "E0101")
        #expect(json?["message"] as? String == problem.message)
        #expect(problem.json.contains("my.mlet"))
    }

    @Test func errorsOfRunningNameTheInput() throws {
        let error = try #require(
            failure { () throws(MartletError) in
                try Session().run("load 'examples/data/sample.csv' |> extend 1 // (length(text) - 33) as n")
            })
        let problem = error.problems[0]
        #expect(problem.input == "examples/data/sample.csv:4")
        #expect(problem.location == nil)
        #expect(!error.isCancelled && !error.isClosedPipe)
        let json = try JSONSerialization.jsonObject(with: Data(problem.json.utf8)) as? [String: Any]
        #expect(json?["code"] as? String == problem.code)
    }

    @Test func checkFindsEverythingAndRunsNothing() throws {
        let folder = try TemporaryFolder()
        let session = Session()
        let script = "from values (1) as t(n) |> where m > 1 |> extend lenght('a') as l |> write '\(folder("out.csv"))'"
        #expect(session.check(script).map(\.code) == ["E0101", "E0102"])
        #expect(session.check("from values (1) as t(n) |> write '\(folder("out.csv"))'").isEmpty)
        #expect(folder.names.isEmpty)
    }

    // MARK: Sessions

    @Test func aSessionRemembersAndAFailureDoesNotHurtIt() throws {
        let session = Session()
        try session.run("let few = from values (1), (2) as t(n); define twice(x int) = x * 2; set threads = 1")
        #expect(failure { () throws(MartletError) in try session.run("from few |> select gone") } != nil)
        #expect(failure { () throws(MartletError) in try session.run("from few |> extend 1 // (n - 1) as m") } != nil)
        #expect(try session.run("from few |> select twice(n) as m").values("m") == [2, 4])
        #expect(failure { () throws(MartletError) in try Session().run("from few") } != nil)
    }

    @Test func aLongQueryIsStoppedFromAnotherThread() throws {
        let session = Session(threads: 2)
        let rows = (0..<200).map { "(\($0))" }.joined(separator: ", ")
        let prepared = try session.prepare(
            """
            set morsel_rows = 16;
            model tone = load 'examples/models/tone';
            let some = from values \(rows) as t(n) |> extend repeat('lovely film ', 50) || n::string as text;
            from some |> union some |> union some |> union some
            |> extend tone(text || '1').score + tone(text || '2').score + tone(text || '3').score + tone(text || '4').score as s
            """)
        let stream = try prepared.stream()
        _ = try stream.next()
        let thread = Thread { session.stop() }
        thread.start()
        var error: MartletError?
        do throws(MartletError) {
            while try stream.next() != nil {}
        } catch let caught {
            error = caught
        }
        // On a fast machine all may be done before the thread has begun.
        if let error { #expect(error.isCancelled, "\(error)") }
        stream.cancel()
        #expect(try session.run("from values (1) as t(n)").rowCount == 1)
    }

    @Test func stoppingBeforeTheNextPieceEndsTheQuery() throws {
        let session = Session(threads: 2)
        let stream = try session.prepare(
            "set morsel_rows = 1; load 'examples/data/sample.csv' |> where length(text) > 1"
        )
        .stream()
        _ = try stream.next()
        session.stop()
        var error: MartletError?
        do throws(MartletError) {
            while try stream.next() != nil {}
        } catch let caught {
            error = caught
        }
        #expect(error?.isCancelled == true)
        #expect(error?.problems.first?.code == "E0502")
        #expect(try session.run("from values (1) as t(n)").rowCount == 1)
    }

    @Test func twoSessionsRunAtOnce() throws {
        let expected = try Session(threads: 1).run(Self.labels).values("label")
        let results = Collected()
        let threads = (0..<2).map { number in
            Thread {
                for _ in 0..<3 { results.append((try? Session(threads: 2).run(Self.labels).values("label")) ?? []) }
                results.finish(number)
            }
        }
        for thread in threads { thread.start() }
        results.wait(2)
        #expect(results.all.count == 6)
        #expect(results.all.allSatisfy { $0 == expected })
    }

    private static let labels = """
        model tone = load 'examples/models/tone';
        load 'examples/data/sample.csv' |> limit 40 |> infer tone(text) as (label) |> select label
        """

    /// What threads give, and whether they are done.
    private final class Collected: @unchecked Sendable {
        private let condition = NSCondition()
        private var values: [[Value]] = []
        private var finished = 0

        var all: [[Value]] { condition.withLock { values } }
        func append(_ value: [Value]) { condition.withLock { values.append(value) } }
        func finish(_ number: Int) {
            condition.lock()
            finished += 1
            condition.broadcast()
            condition.unlock()
        }
        func wait(_ count: Int) {
            condition.lock()
            while finished < count { condition.wait() }
            condition.unlock()
        }
    }

    // MARK: Profiles

    @Test func countsAreExact() throws {
        let profile = try Session(threads: 2).run(
            """
            model tone = load 'examples/models/tone' with (max_tokens = 8);
            from values ('good'), ('bad'), ('good'), (null), ('good'), ('a b c d e f g h i j k l') as t(text)
            |> infer tone(text) as (label, score)
            """
        ).profile
        #expect(profile.inferRows == 6)
        #expect(profile.inferRowsRun == 3)
        #expect(profile.duplicates == 2)
        #expect(profile.truncated == 1)
        #expect(profile.paddingTokens == 0)
        // [CLS] word [SEP] twice, and eight.
        #expect(profile.tokens == 14)
        #expect(profile.flops > 0 && profile.batches > 0)
        let infer = try #require(profile.operators.compactMap(\.infer).first)
        #expect(infer.nulls == 1 && infer.failures == 0)
        #expect(profile.operators.count { $0.infer != nil } == 1)
    }

    @Test func filesAreCounted() throws {
        let folder = try TemporaryFolder()
        let results = try Session().run("from values (1), (2) as t(n) |> write '\(folder("out.csv"))'")
        #expect(results.rowCount == 0)
        let file = try #require(results.profile.files.first)
        #expect(file.path == folder("out.csv") && file.rows == 2 && file.bytes == 6)
    }
}
