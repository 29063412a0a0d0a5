import Martlet
import MartletSyntax
import MartletTestSupport
import Testing

/// Each diagnostic code has a page, and a script in the gallery that gets it.
@Suite
struct CodePageTests {
    init() { ProjectFiles.enter() }

    /// Codes that the sources give, wherever they do.
    private static let given: Set<String> = {
        var codes: Set<String> = []
        for path in ProjectFiles.find("Sources", suffix: ".swift") where !path.contains("CodePages") {
            let text = ProjectFiles.read(path) ?? ""
            for match in text.matches(of: /"(E0\d{3})"/) { codes.insert(String(match.1)) }
        }
        return codes
    }()

    private static let gallery: [ScriptFile.Record] = ProjectFiles.find("Tests/Scripts/gallery", suffix: ".test")
        .flatMap {
            (try? ScriptFile(path: $0, text: ProjectFiles.read($0) ?? ""))?.records ?? []
        }

    @Test func everyCodeHasOnePage() {
        let pages = CodePages.all.map(\.code)
        #expect(Set(pages) == Self.given, "differ: \(Set(pages).symmetricDifference(Self.given).sorted())")
        #expect(pages.count == Set(pages).count)
        for page in CodePages.all {
            #expect(!page.title.isEmpty && !page.meaning.isEmpty && !page.remedy.isEmpty, "\(page.code)")
        }
    }

    /// The gallery has the page's example, and says the code of it.
    @Test(arguments: CodePages.all.filter { $0.example != nil }.map(\.code))
    func exampleGetsTheCode(_ code: String) throws {
        let page = try #require(CodePages.page(code))
        let record = try #require(
            Self.gallery.first { $0.script == page.example }, "no script of the gallery is this example")
        #expect(record.kind == .error)
        #expect(record.expected.contains("[\(code)]"))
    }

    /// Codes of the language and of running queries that no script of a few lines gets: what gets them is below, or a test beside
    /// the code that gives them.
    private static let withoutScripts: Set<String> = [
        "E0004", "E0008", "E0014", "E0031", "E0214", "E0404", "E0500", "E0502", "E0506", "E0507", "E0508", "E0509",
        "E0516", "E0517", "E0520", "E0521", "E0522", "E0523", "E0524", "E0525", "E0526", "E0530", "E0531", "E0532",
        "E0533",
        "E0534", "E0542", "E0543", "E0544", "E0545", "E0546",
    ]

    @Test func codesOfTheLanguageHaveExamples() {
        let bare = CodePages.all.filter { $0.example == nil && $0.code < "E0600" }.map(\.code)
        #expect(Set(bare).subtracting(Self.withoutScripts) == [])
        #expect(Self.withoutScripts.subtracting(bare) == [], "these have an example now")
    }

    @Test func textsBeyondAllLimits() {
        func codes(_ source: SourceText) -> Set<String> { Set(parse(source).diagnostics.map(\.code.id)) }
        #expect(codes(SourceText(name: "", bytes: [0x2D, 0x2D, 0xFF])).contains("E0004"))
        #expect(codes(SourceText(name: "", bytes: [UInt8](repeating: 0x20, count: 17 << 20))) == ["E0008"])
        let deep = String(repeating: "(", count: 500) + "1" + String(repeating: ")", count: 500)
        #expect(codes(SourceText(name: "", "from values (\(deep)) as t(n)")).contains("E0014"))
        #expect(codes(SourceText(name: "", String(repeating: "show;", count: 200))).contains("E0031"))
        let long = "from values (1) as t(n)" + String(repeating: " |> limit 1", count: 1_000)
        #expect(Set(Session().check(long).map(\.code)) == ["E0404"])
    }

    @Test func hostProgramsAreToldOfWhatDoesNotFit() throws {
        let session = Session()
        func code(_ body: () throws -> Void) -> String? {
            do { try body() } catch { return (error as? MartletError)?.problems.first?.code }
            return nil
        }
        let script = "param input table (n int); param least int; from $input |> where n > $least"
        #expect(code { try session.run(script, parameters: ["least": 1]) } == "E0505")
        #expect(code { try session.run(script, parameters: ["leest": 1]) } == "E0508")
    }

    @Test func codesAreFoundAsTheyAreTyped() {
        #expect(CodePages.page("e301")?.code == "E0301")
        #expect(CodePages.page("0301")?.code == "E0301")
        #expect(CodePages.page("E0399") == nil)
        #expect(CodePages.codes(closeTo: "E0309").contains("E0301"))
        #expect(CodePages.isCode("E0301") && !CodePages.isCode("triage.mlet") && !CodePages.isCode("E"))
        let text = CodePages.page("E0301")?.text ?? ""
        #expect(text.hasPrefix("E0301: a `route` without `else`\n"))
        #expect(text.contains("error[E0301]: route has no `else`\n 1 | from values"))
    }
}
