import Foundation
import MartletLanguageServer
import MartletSupport
import MartletTestSupport
import Testing

/// Conversations with a scripted editor. Positions are 0-based, in UTF-16 units.
@Suite
struct ConversationTests {
    init() { ProjectFiles.enter() }

    private static let script = """
        model tone = load 'examples/models/tone';
        param sure float = 0.9;
        let texts = from values (1, 'I love it'), (2, 'meh') as t(id, text);
        define loud(t string) = upper(t);
        from texts |> infer tone(loud(text)) as (label, score)
        |> where score > $sure |> select id, label;

        """

    /// [line, start, end] of a range.
    private func numbers(_ range: JSON?) -> [Int?] {
        [range?["start"]?["line"]?.int, range?["start"]?["character"]?.int, range?["end"]?["character"]?.int]
    }

    @Test func aGoodScriptHasNoDiagnosticsAndABadOneDoesUntilItIsMended() throws {
        let client = try Client()
        client.open(Self.script)
        #expect(try client.told().isEmpty)
        client.change(Self.script.replacing("select id, label", with: "select id, lable"))
        let problem = try #require(try client.told().first)
        #expect(problem["severity"]?.int == 1 && problem["code"]?.string?.hasPrefix("E0") == true)
        #expect(numbers(problem["range"]) == [5, 37, 42])
        #expect(problem["message"]?.string?.contains("label") == true)
        client.change(Self.script)
        #expect(try client.told().isEmpty)
        client.notify("textDocument/didClose", ["textDocument": ["uri": "file:///a.mlet"]])
        #expect(try client.told().isEmpty)
        #expect(try client.leave())
    }

    @Test func rangesCountUTF16Units() throws {
        let client = try Client()
        client.open("from values ('😀é', 1) as t(s, n) |> where x > 1")
        #expect(numbers(try client.told().first?["range"]) == [0, 43, 44])
        #expect(try client.leave())
    }

    @Test func columnsAndModelsAreCompleted() throws {
        let client = try Client()
        client.open("let texts = from values (1, 'a') as t(id, body);\nfrom texts |> where bo")
        _ = try client.told()
        let items = try client.request("textDocument/completion", at: 1, 22)["items"]?.array ?? []
        let item = try #require(items.first { $0["label"]?.string == "body" })
        #expect(numbers(item["textEdit"]?["range"]) == [1, 20, 22])
        client.change("load 'exa")
        let path = try client.request("textDocument/completion", at: 0, 9)["items"]?[0]
        #expect(
            path?["textEdit"]?["newText"]?.string == "examplesfound.csv'" || path?["label"]?.string == "exafound.csv")
        #expect(try client.leave())
    }

    @Test func wordsAreExplained() throws {
        let client = try Client()
        client.open(Self.script)
        func hover(_ line: Int, _ character: Int) throws -> String {
            try client.request("textDocument/hover", at: line, character)["contents"]?["value"]?.string ?? ""
        }
        // The model where it is called, the function, the stage, the column, the parameter.
        #expect(try hover(4, 22).contains("(text string) -> (label string"))
        #expect(try hover(3, 26).contains("upper("))
        #expect(try hover(4, 16).contains("runs a model on each row"))
        #expect(try hover(5, 11).contains("score float"))
        #expect(try hover(5, 20).contains("param sure float = 0.9"))
        #expect(try hover(4, 6).contains("`text` string"))
        #expect(try client.request("textDocument/hover", at: 5, 16) == .null)
        #expect(try client.leave())
    }

    @Test func namesAreFoundAndRenamed() throws {
        let client = try Client()
        client.open(Self.script)
        let definition = try client.request("textDocument/definition", at: 4, 21)
        #expect(numbers(definition["range"]) == [0, 6, 10])
        let uses = try client.request("textDocument/references", at: 3, 8, ["context": ["includeDeclaration": true]])
        #expect(uses.array?.map { numbers($0["range"]) } == [[3, 7, 11], [4, 25, 29]])
        let outline = try client.request("textDocument/documentSymbol", ["textDocument": ["uri": "file:///a.mlet"]])
        #expect(outline.array?.compactMap { $0["name"]?.string } == ["tone", "sure", "texts", "loud"])
        let renamed = try client.request("textDocument/rename", at: 5, 19, ["newName": "limit_"])
        let edits = renamed["changes"]?["file:///a.mlet"]?.array ?? []
        // The dollar stays.
        #expect(edits.map { numbers($0["range"]) } == [[1, 6, 10], [5, 18, 22]])
        #expect(edits.allSatisfy { $0["newText"]?.string == "limit_" })
        let column = try client.request("textDocument/prepareRename", at: 5, 11)
        #expect(column["message"]?.string?.contains("can be renamed") == true)
        let taken = try client.request("textDocument/rename", at: 5, 19, ["newName": "tone"])
        #expect(taken["message"]?.string == "`tone` is there already")
        let bad = try client.request("textDocument/rename", at: 5, 19, ["newName": "1x"])
        #expect(bad["code"]?.int == -32602)
        #expect(try client.leave())
    }

    @Test func scriptsAreFormatted() throws {
        let client = try Client()
        client.open("from values(1) as t(a)|>where a>0")
        let document: JSON = ["textDocument": ["uri": "file:///a.mlet"]]
        let edits = try client.request("textDocument/formatting", document)
        let text = try #require(edits[0]?["newText"]?.string)
        #expect(text.contains("|> where a > 0"))
        client.change(text)
        #expect(try client.request("textDocument/formatting", document) == [])
        client.change("from values (1")
        #expect(try client.request("textDocument/formatting", document) == [])
        #expect(try client.leave())
    }

    @Test func badMessagesAreAnsweredAndTheServerLivesOn() throws {
        let client = try Client()
        #expect(try client.request("no/such", [:])["code"]?.int == -32601)
        #expect(try client.request("textDocument/hover", at: 0, 0)["code"]?.int == -32602)
        #expect(try client.request("textDocument/hover", .null)["code"]?.int == -32602)
        client.sendRaw("Content-Length: 3\r\n\r\n{{{")
        #expect(try client.read()["error"]?["code"]?.int == -32700)
        client.open("from values (1) as t(a)")
        #expect(try client.request("textDocument/hover", at: -5, 1_000_000) == .null)
        #expect(try client.request("textDocument/hover", at: 99, 0) == .null)
        #expect(try client.leave())
    }

    @Test func aLostEditorEndsTheServer() throws {
        #expect(try Client().hangUp() == false)
        let client = try Client()
        client.sendRaw("Content-Length: many\r\n\r\n")
        #expect(client.hangUp() == false)
    }
}
