import MartletPlanner
import Testing

@Suite struct FunctionTests {
    @Test(arguments: FunctionTable.all.entries.map(\.name))
    func everyExampleRuns(name: String) throws {
        let function = try #require(FunctionTable.all[name])
        #expect(try value(function.example.expression) == function.example.result)
        #expect(!function.doc.isEmpty && !function.doc.hasSuffix("."))
    }

    @Test(arguments: AggregateTable.all.entries.map(\.name))
    func everyAggregateExampleRuns(name: String) throws {
        let example = try #require(AggregateTable.all[name]).example
        #expect(try result("from \(example.relation) |> aggregate \(example.expression) as v") == [[example.result]])
    }

    @Test(arguments: FunctionTable.all.entries.filter(\.isStrict).map(\.name))
    func strictFunctionsPassNullsOn(name: String) throws {
        let function = try #require(FunctionTable.all[name])
        #expect(!function.signature.isEmpty)
        guard function.example.expression.hasPrefix("\(name)('") else { return }
        let call = function.example.expression.replacing(/^(\w+\()'[^']*'/) { "\($0.output.1)null::string" }
        #expect(try value(call) == "null")
    }

    /// Truth tables of SQL's three values.
    @Test func threeValuedLogic() throws {
        let values = ["true", "false", "null::bool"]
        let and = ["true", "false", "null", "false", "false", "false", "null", "false", "null"]
        let or = ["true", "true", "true", "true", "false", "null", "true", "null", "null"]
        var place = 0
        for a in values {
            for b in values {
                #expect(try value("\(a) and \(b)") == and[place], "\(a) and \(b)")
                #expect(try value("\(a) or \(b)") == or[place], "\(a) or \(b)")
                place += 1
            }
        }
        #expect(try values.map { try value("not \($0)") } == ["false", "true", "null"])
        #expect(try value("1 in (2, null)") == "null")
        #expect(try value("1 in (1, null)") == "true")
        #expect(try value("1 not in (2, 3)") == "true")
        #expect(try value("2 between null and 1") == "false")
        #expect(try value("null = null") == "null")
        #expect(try value("null is not distinct from null") == "true")
        #expect(try value("1 is distinct from null") == "true")
        #expect(try value("null ?? 2") == "2")
    }

    /// Branches that no row takes are not evaluated.
    @Test(arguments: [
        ("case when x = 0 then 0 else 10 // x end", ["0", "5"]), ("coalesce(y, 1 // x)", ["7", "0"]),
        ("x != 0 and 10 // x > 1", ["false", "true"]), ("x = 0 or 10 // x > 1", ["true", "true"]),
    ])
    func lazyBranches(expression: String, expected: [String]) throws {
        let rows = try result("from values (0, 7), (2, null) as t(x, y) |> select \(expression) as v")
        #expect(rows.map { $0[0] } == expected)
    }

    @Test(arguments: [
        ("9223372036854775807 + x", 0, "9223372036854775807 + 1 is beyond the range of int"),
        ("10 // (x - 1)", 0, "division by zero: 10 // 0"), ("1 / x", 1, "division by zero: 1.0 / 0"),
        ("(-9223372036854775807 - x) * -1", 0, "-9223372036854775808 * -1 is beyond the range of int"),
        ("('a' || x::string)::int", 0, "cannot cast 'a1' from string to int"),
    ])
    func errorsNameTheRow(expression: String, row: Int, message: String) throws {
        let query = try query("from values (1), (0) as t(x) |> where x >= 0 |> select \(expression) as v")
        do {
            _ = try Interpreter(files: [:]).run(query.root)
            Issue.record("no error")
        } catch let error as EvaluationError {
            #expect(error.row == row)
            #expect(error.explanation.message == message)
        }
    }

    @Test(arguments: [
        ("2.5::int", "2"), ("3.5::int", "4"), ("-2.5::int", "-2"), ("' 12 '::int", "12"), ("'t'::bool", "true"),
        ("try_cast('x' as int)", "null"), ("try_cast('nan'::float as int)", "null"), ("1e16::string", "1e+16"),
        ("true::int", "1"), ("'2024-01-02T03:04:05Z'::timestamp", "2024-01-02T03:04:05Z"),
        ("'2024-01-02T03:04:05.5+02:00'::timestamp", "2024-01-02T01:04:05.5Z"),
        ("'2024-01-02'::timestamp < '2024-01-03'::timestamp", "true"), ("try_cast('2024-02-30' as timestamp)", "null"),
        ("[1, 2]::list(string)", "['1', '2']"), ("[1, 2.5]::float[2]", "[1.0, 2.5]"), ("{a: 1, b: 'x'}.b", "x"),
        ("{a: 1}::string", "{a: 1}"), ("('a' || null) is null", "true"),
    ])
    func casts(expression: String, expected: String) throws {
        #expect(try value(expression) == expected)
    }
}
