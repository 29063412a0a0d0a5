import MartletShell
import Testing

struct DotCommandTests {
    @Test(arguments: [
        (".help", DotCommand.help(nil)), (".help mode", .help("mode")), (".EXIT;", .exit), (".quit", .exit),
        (".mode csv", .mode(.csv)), ("  .mode  AUTO ; ", .mode(nil)), (".timer on", .timer(true)),
        (".read 'my file.mlet'", .read("my file.mlet")), (".output a b.csv", .output("a b.csv")),
        (".output", .output(nil)), (".width 60", .width(60)), (".width", .width(nil)), (".pager off", .pager(false)),
        (".explain analyze", .explain(.always(.profile))), (".explain off", .explain(.always(nil))),
        (".explain load 'a;b'  |> limit 1;", .explain(.query("load 'a;b'  |> limit 1"))),
        (".models", .statement("show models")),
    ])
    func understands(_ line: String, _ command: DotCommand) throws { #expect(try DotCommand(line) == command) }

    @Test(arguments: ["load 'a'", "", "  ", ".", ".5"])
    func leavesOtherLinesAlone(_ line: String) throws {
        let command = try DotCommand(line)
        #expect(command == nil)
    }

    @Test(arguments: [
        (".hepl", "unknown command `.hepl`", "did you mean `.help`?"),
        (
            ".mode makdown", "`.mode` takes box, csv, json, jsonl, markdown or auto, not `makdown`",
            "did you mean `.mode markdown`?"
        ),
        (".mode", "`.mode` needs box, csv, json, jsonl, markdown or auto", nil),
        (".timer maybe", "`.timer` takes on or off, not `maybe`", nil), (".read", "`.read` needs a script", nil),
        (".width 7", "`.width` takes a number from 20 to 10,000, not `7`", "`.width` alone follows the window"),
        (".explain", "`.explain` needs on, analyze, off, or a query", nil),
        (".models now", "`.models` takes nothing behind it, but there is `now`", nil),
        (
            ".zzzzz", "unknown command `.zzzzz`",
            "commands are .mode, .output, .pager, .width, .timer, .explain, .models, .tables, .read, .help, .exit"
        ),
    ])
    func refuses(_ line: String, _ message: String, _ help: String?) {
        #expect {
            try DotCommand(line)
        } throws: {
            ($0 as? CommandError)?.message == message && ($0 as? CommandError)?.help == help
        }
    }

    @Test func helpNamesThemAll() {
        for name in [".mode", ".output", ".pager", ".width", ".timer", ".explain", ".models", ".tables", ".read"] {
            #expect(HelpText.all.contains("\n  \(name)"))
        }
    }
}
