import Foundation
import MartletShell
import MartletTestSupport
import Testing

/// The built command as others see it: output, messages, exit codes. Skipped where it is not built.
@Suite(.enabled(if: Command.path != nil))
struct CommandTests {
    private let sample = ProjectFiles.root + "/examples/data/sample.csv"

    @Test func versionAndHelp() throws {
        let version = try Command.run("--version")
        #expect(version == .init(code: 0, output: "martlet \(martletVersion)\n", errors: ""))
        #expect(try Command.run("run", "--help").output.contains("martlet run FILE"))
        #expect(try Command.run("--help").output.contains("explain"))
    }

    @Test(arguments: [
        ("csv", "n,t\n1,a\n,\"b,c\"\n"), ("jsonl", "{\"n\":1,\"t\":\"a\"}\n{\"n\":null,\"t\":\"b,c\"}\n"),
        ("json", "[\n{\"n\":1,\"t\":\"a\"},\n{\"n\":null,\"t\":\"b,c\"}\n]\n"),
        ("markdown", "| n | t |\n| ---: | --- |\n| 1 | a |\n|  | b,c |\n"),
    ])
    func formats(_ format: String, _ expected: String) throws {
        let text = "from values (1, 'a'), (null, 'b,c') as t(n, t)"
        #expect(try Command.run("-c", text, "--format", format) == .init(code: 0, output: expected, errors: ""))
        #expect(try Command.run("-c", "set format = \(format); \(text)").output == expected)
    }

    @Test func csvUnlessATerminal() throws {
        #expect(try Command.run("-c", "from values (1) as t(n)").output == "n\n1\n")
        #expect(try Command.run("-c", "from values (1) as t(n)", "--no-header").output == "1\n")
        #expect(try Command.run("-c", "from values (1) as t(n)", "--format", "box").output.hasPrefix("┌"))
    }

    @Test func parameters() throws {
        let script = "param sure float; param q string = 'd'; from values ($sure + 1, $q) as t(a, b)"
        #expect(try Command.run("-c", script, "--sure", "-0.5").output == "a,b\n0.5,d\n")
        #expect(try Command.run("-c", script, "--q=x", "--SURE", "2").output == "a,b\n3.0,x\n")
        let missing = try Command.run("-c", script)
        #expect(missing.code == 1)
        #expect(missing.errors.contains("`$sure`"))
        let unknown = try Command.run("-c", script, "--suer", "1")
        #expect(unknown.code == 2)
        #expect(unknown.errors.contains("did you mean `--sure`?"))
        let wrong = try Command.run("-c", script, "--sure", "much")
        #expect(wrong.code == 1)
        #expect(wrong.output.isEmpty)
    }

    @Test(arguments: [
        (["chekc", "x"], "did you mean `martlet check`?"), (["x.mlet"], "`martlet run x.mlet`"),
        (["--formt", "csv"], "did you mean `--format`?"), (["run"], "needs a script"),
        (["run", "a", "b"], "also `b`"), (["-c", "show models", "--format", "bax"], "box"),
        (["explain"], "needs one script"), (["--threads", "0"], "1 to 256"),
        (["explain", "E0399"], "did you mean E030"),
    ])
    func wrongUse(_ arguments: [String], _ message: String) throws {
        let result = try Command.run(arguments)
        #expect(result.code == 2)
        #expect(result.errors.contains(message))
        #expect(result.output.isEmpty)
    }

    @Test func scriptsFromFilesAndStandardInput() throws {
        let folder = try Folder()
        let script = folder.path + "/a.mlet"
        try "#!/usr/bin/env martlet\nload '\(sample)' |> limit 2 |> select id".write(
            toFile: script, atomically: true, encoding: .utf8)
        #expect(try Command.run("run", script).output == "id\nfilm-1\nfilm-2\n")
        #expect(try Command.run("run", "-", input: "from values (1) as t(a)").output == "a\n1\n")
        let missing = try Command.run("run", folder.path + "/b.mlet")
        #expect(missing.code == 1)
        #expect(missing.errors.contains("did you mean `\(script)`?"))
        #expect(try Command.run("run", folder.path).code == 1)
        try Data([0x66, 0x0A, 0xFF]).write(to: URL(fileURLWithPath: folder.path + "/c.mlet"))
        #expect(try Command.run("run", folder.path + "/c.mlet").errors.contains("line 2 is not UTF-8"))
    }

    @Test func firstErrorEndsTheScript() throws {
        let result = try Command.run("-c", "from values (1) as t(a); from values ('x') as t(a) |> select a::int")
        #expect(result.code == 1)
        #expect(result.output.hasPrefix("a\n1\n"))
        let text = try Command.run("-c", "from values (1) as t(a); from values (1) as t(a) |> selct a")
        #expect(text.code == 1)
        #expect(text.output.isEmpty)
        #expect(text.errors.contains("did you mean `select`?"))
    }

    @Test func colours() throws {
        let plain = try Command.run("-c", "frm")
        #expect(!plain.errors.contains("\u{1B}"))
        #expect(try Command.run("-c", "frm", "--color", "always").errors.contains("\u{1B}["))
    }

    @Test func whatWasWrittenIsTold() throws {
        let folder = try Folder()
        let result = try Command.run("-c", "load '\(sample)' |> write '\(folder.path)/out.csv'")
        #expect(result.code == 0)
        #expect(result.output.isEmpty)
        #expect(result.errors.hasPrefix("\(folder.path)/out.csv: 400 rows, "))
    }

    @Test func whatTheModelDidNotTakeIsTold() throws {
        let model = "model tone = load '\(ProjectFiles.root)/examples/models/tone';"
        let result = try Command.run(
            "-c", "\(model) load '\(sample)' |> infer tone(text) as s |> aggregate count(s.label) as n")
        #expect(result.code == 0)
        #expect(result.output == "n\n392\n")
        #expect(result.errors.contains("7 texts cut to what the model takes; 8 null inputs gave null"))
    }

    @Test func checkTellsAllProblems() throws {
        let folder = try Folder()
        let path = folder.path + "/a.mlet"
        try "load '\(sample)' |> selct id;\nload '\(sample)' |> where nothing > 1".write(
            toFile: path, atomically: true, encoding: .utf8)
        let text = try Command.run("check", path)
        #expect(text.code == 1)
        #expect(text.errors.contains("selct") && text.errors.contains("nothing"))
        let json = try Command.run("check", "--json", path)
        #expect(json.code == 1)
        let lines = json.output.split(separator: "\n")
        #expect(lines.count == 2)
        for line in lines { #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any]) }
        try "load '\(sample)'".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try Command.run("check", path) == .init(code: 0, output: "", errors: ""))
    }

    @Test func formatting() throws {
        let folder = try Folder()
        let path = folder.path + "/a.mlet"
        try "LOAD 'a.csv'   |> limit   3".write(toFile: path, atomically: true, encoding: .utf8)
        let check = try Command.run("fmt", "--check", path)
        #expect(check.code == 1)
        #expect(check.output == path + "\n")
        let shown = try Command.run("fmt", "--stdout", path)
        #expect(shown.output == (try Command.run("fmt", input: "LOAD 'a.csv'   |> limit   3").output))
        #expect(try Command.run("fmt", path).code == 0)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == shown.output)
        #expect(try Command.run("fmt", "--check", path) == .init(code: 0, output: "", errors: ""))
        #expect(try Command.run("fmt", input: "load |>").code == 1)
    }

    @Test func plans() throws {
        let script = "load '\(sample)' |> where length(text) > 3 |> limit 3"
        let plan = try Command.run("explain", "-c", script)
        #expect(plan.code == 0)
        #expect(plan.output == (try Command.run("-c", "explain " + script).output))
        #expect(try Command.run("explain", "--analyze", "-c", script).output.contains("result: 3 rows"))
        #expect(try Command.run("explain", "e0301").output.hasPrefix("E0301: a `route` without `else`"))
    }

    @Test func models() throws {
        let path = ProjectFiles.root + "/examples/models/tone"
        #expect(try Command.run("model", "describe", path).output.contains("parameters"))
        let json = try Command.run("model", "describe", "--json", path).output
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(object["labels"] as? [String] == ["negative", "neutral", "positive"])
        #expect(try Command.run("model", "describe", path + "x").code == 1)
        #expect(try Command.run("model").output.contains("describe"))
    }

    @Test func closedPipesAndFullDisks() throws {
        let path = try #require(Command.path)
        let text = "load '\(sample)' |> union (load '\(sample)')"
        let head = try Command.shell("'\(path)' -c \"\(text)\" | head -1; echo ${PIPESTATUS[0]}")
        #expect(head.output == "id,source,text,label\n0\n")
        #expect(head.errors.isEmpty)
        #if os(Linux)
        let full = try Command.shell("'\(path)' -c \"\(text)\" > /dev/full")
        #expect(full.code == 1)
        #expect(full.errors.contains("no space"))
        #endif
    }

    @Test(arguments: [("INT", 130), ("TERM", 143)])
    func signalsEndTheCommand(_ signal: String, _ code: Int) throws {
        let path = try #require(Command.path)
        let folder = try Folder()
        // A pipe that nobody writes to: the command waits for its rows. With job control bash does not ignore SIGINT.
        let result = try Command.shell(
            "set -m; mkfifo \"$0\"; exec 3<>\"$0\"; echo a >&3; '\(path)' -c \"load '$0' with (format = 'csv')\" & "
                + "sleep 1; kill -\(signal) $!; wait $!; echo $?",
            folder.path + "/pipe")
        withExtendedLifetime(folder) {}
        #expect(result.output == "\(code)\n")
    }

    @Test func interruptsStopARunningQuery() throws {
        let path = try #require(Command.path)
        let folder = try Folder()
        // Rows keep coming, so the query never ends by itself; what it writes must not appear.
        let result = try Command.shell(
            "set -m; cd \"$0\"; mkfifo pipe; (echo a; yes 12345) > pipe & "
                + "'\(path)' -c \"load 'pipe' with (format = 'csv') |> write 'out.csv'\" & "
                + "sleep 1; kill -INT $!; wait $!; echo $?; ls -A",
            folder.path)
        withExtendedLifetime(folder) {}
        #expect(result.output == "130\npipe\n")
        #expect(result.errors.contains("interrupted"))
    }

    // MARK: The shell without a terminal

    @Test func pipedStatementsRunWithoutPrompts() throws {
        let input = """
            param q string = 'x';
            from values ($q)
              as t(a);
            .mode jsonl
            from values (2) as t(b);
            from values (3) as t(c)
            """
        #expect(try Command.run(input: input) == .init(code: 0, output: "a\nx\n{\"b\":2}\n{\"c\":3}\n", errors: ""))
    }

    @Test func helpIsNoResult() throws {
        let result = try Command.run(input: ".help mode\nfrom values (1) as t(a);")
        #expect(result.output == "a\n1\n")
        #expect(result.errors.hasPrefix(".mode FORMAT  print results as box, csv"))
    }

    @Test func pipedErrorsNameTheLineAndEndTheShell() throws {
        let result = try Command.run(
            input: "from values (1) as t(a);\n\n.timer off\nfrom values (1)\nas t(a) |> selct a;\nshow models;")
        #expect(result.code == 1)
        #expect(result.output == "a\n1\n")
        #expect(result.errors.contains(" 5 | as t(a) |> selct a;"))
        #expect(try Command.run(input: ".hepl\nfrom values (1) as t(a);").code == 2)
        #expect(try Command.run(input: "-- nothing\n").code == 0)
        #expect(try Command.run(input: "from values (1) as t(a);\n.exit\nfrom values (2) as t(a);").output == "a\n1\n")
    }
}
