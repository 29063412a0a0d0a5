import MartletShell
import Testing

/// A script's parameters on the command line.
struct ScriptArgumentsTests {
    @Test(arguments: [
        (["a.mlet"], ["a.mlet"], []),
        (["a.mlet", "--sure", "0.9"], ["a.mlet"], [("sure", "0.9")]),
        (["--sure", "-0.9", "a.mlet"], ["a.mlet"], [("sure", "-0.9")]),
        (["--q=a=b", "-"], ["-"], [("q", "a=b")]),
        (["--q", "--x", "a"], ["a"], [("q", "--x")]),
        (["--q="], [], [("q", "")]),
        (["a", "--", "--format", "x"], ["a"], [("format", "x")]),
    ])
    func partsFilesAndParameters(_ rest: [String], _ files: [String], _ parameters: [(String, String)]) throws {
        let arguments = try ScriptArguments(rest)
        #expect(arguments.files == files)
        #expect(arguments.parameters == parameters.map { ScriptParameter(name: $0.0, value: $0.1) })
    }

    @Test(arguments: [
        (["--q"], "`--q` has no value"), (["--q", "1", "--Q", "2"], "parameter `--Q` is given twice"),
        (["-q", "1"], "unknown option `-q`"),
    ])
    func refuses(_ rest: [String], _ message: String) {
        #expect { try ScriptArguments(rest) } throws: { ($0 as? CommandError)?.message == message }
    }

    @Test func suggestsParametersThenOptions() {
        #expect(CommandError.unknownParameter("suer", known: ["sure"]).help == "did you mean `--sure`?")
        #expect(CommandError.unknownParameter("formt", known: ["sure"]).help == "did you mean the option `--format`?")
        #expect(CommandError.unknownParameter("zzz", known: ["sure", "q"]).help == "the script has `--sure`, `--q`")
    }
}
