import MartletData
import MartletPlanner
import Testing

/// A small random stream, the same on every run.
private struct Stream {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    mutating func pick(_ choices: [String]) -> String { choices[next(choices.count)] }

    mutating func number(_ depth: Int) -> String {
        guard depth > 0 else { return pick(["a", "b", "1", "0", "null", "-3", "7"]) }
        switch next(8) {
        case 0: return "(\(number(depth - 1)) + \(number(depth - 1)))"
        case 1: return "(\(number(depth - 1)) * \(number(depth - 1)))"
        case 2: return "(\(number(depth - 1)) // \(number(depth - 1)))"
        case 3: return "coalesce(\(number(depth - 1)), \(number(depth - 1)))"
        case 4: return "case when \(truth(depth - 1)) then \(number(depth - 1)) else \(number(depth - 1)) end"
        case 5: return "nullif(\(number(depth - 1)), \(number(depth - 1)))"
        case 6: return "length(\(text(depth - 1)))"
        default: return "greatest(\(number(depth - 1)), \(number(depth - 1)))"
        }
    }

    mutating func truth(_ depth: Int) -> String {
        guard depth > 0 else { return pick(["true", "false", "p", "null::bool"]) }
        switch next(8) {
        case 0: return "(\(truth(depth - 1)) and \(truth(depth - 1)))"
        case 1: return "(\(truth(depth - 1)) or \(truth(depth - 1)))"
        case 2: return "(not \(truth(depth - 1)))"
        case 3: return "(\(number(depth - 1)) < \(number(depth - 1)))"
        case 4: return "(\(number(depth - 1)) is null)"
        case 5: return "(\(number(depth - 1)) in (\(number(0)), \(number(0))))"
        case 6: return "(\(text(depth - 1)) like '%a%')"
        default: return "(\(number(depth - 1)) is distinct from \(number(depth - 1)))"
        }
    }

    mutating func text(_ depth: Int) -> String {
        guard depth > 0 else { return pick(["s", "'ab'", "''", "null::string"]) }
        switch next(4) {
        case 0: return "(\(text(depth - 1)) || \(text(depth - 1)))"
        case 1: return "upper(\(text(depth - 1)))"
        case 2: return "substring(\(text(depth - 1)), \(number(0)))"
        default: return "(\(number(depth - 1)))::string"
        }
    }
}

@Suite struct PropertyTests {
    private static let rows =
        "from values (1, 2, true, 'abc'), (null, 0, null, 'xay'), (-4, null, false, null), (0, 9, true, '') as t(a, b, p, s)"

    /// Folding constants changes no value; an expression that fails on some row may fail only where it failed before.
    @Test func foldedEqualsUnfolded() throws {
        var stream = Stream(state: 42)
        var compared = 0
        for round in 0..<400 {
            let expression = round % 2 == 0 ? stream.number(4) : stream.truth(4)
            let (plain, folded) = try both("\(Self.rows) |> select \(expression) as v")
            if case .success(let rows) = plain {
                #expect(try folded.get() == rows, "\(expression)")
                compared += 1
            } else if case .success = folded {
                Issue.record("\(expression) fails only when it is not folded")
            }
        }
        #expect(compared > 150)
    }

    private func both(_ text: String) throws -> (Result<[[String]], any Error>, Result<[[String]], any Error>) {
        func run(_ disabled: Set<String>) throws -> Result<[[String]], any Error> {
            var bound = try query(text)
            bound.settings.disabled = disabled
            let plan = PlanRules.optimize(bound, validating: true)
            return Result { try Interpreter(files: [:]).run(plan.root).texts }
        }
        return (try run(["all"]), try run([]))
    }

    /// Scripts that would make plans or expressions explode end in a diagnostic.
    @Test func hugeScriptsEndInDiagnostics() {
        let stages = String(repeating: " |> where stars > 1", count: 5_000)
        #expect(complaints("load 'reviews.csv'\(stages)").contains("error[E0404]"))
        var bomb = "define f0(x int) = x + x;\n"
        for level in 1...30 { bomb += "define f\(level)(x int) = f\(level - 1)(f\(level - 1)(x));\n" }
        #expect(complaints(bomb + "from values (1) as t(a) |> select f30(a) as b").contains("error[E0404]"))
        #expect(
            complaints("from values (1) as t(a) |> select [1]::float[1073741824,1073741824]").contains("error[E0213]"))
    }
}
