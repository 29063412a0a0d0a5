import Martlet
import MartletTestSupport
import Testing

/// Scripts in README.md and docs: each can be parsed, and stands up to checking where its files exist.
@Suite
struct DocumentTests {
    init() { ProjectFiles.enter() }

    static let blocks: [Block] = (["README.md"] + ProjectFiles.find("docs", suffix: ".md")).flatMap { path in
        var blocks: [Block] = []
        var current: Block?
        for (number, line) in (ProjectFiles.read(path) ?? "").split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            if line.hasPrefix("```") {
                if let block = current { blocks.append(block) }
                current = line == "```sql" ? Block(path: path, line: number + 1) : nil
            } else {
                current?.text += line + "\n"
            }
        }
        return blocks
    }

    struct Block: CustomTestStringConvertible, Sendable {
        var path: String
        var line: Int
        var text = ""
        var testDescription: String { "\(path):\(line)" }
    }

    @Test func thereAreBlocks() { #expect(Self.blocks.count { $0.path == "README.md" } >= 2) }

    @Test(arguments: blocks)
    func isSound(_ block: Block) throws {
        _ = try Session.format(block.text)
        // Its blocks are one session: GuideTests runs them.
        guard block.path != "docs/guide.md" else { return }
        let problems = Session().check(block.text).filter(\.isError)
        // Files that only a reader has; a model that an earlier block names.
        let ofOthers =
            ["E0601", "E0631", "E0105", "E0102"]
        #expect(
            problems.allSatisfy { ofOthers.contains($0.code) }, "\(problems.map(\.rendered).joined(separator: "\n"))")
    }

    /// A block whose files are all committed must run.
    @Test func theFirstScriptRuns() throws {
        let first = try #require(Self.blocks.first)
        ProjectFiles.makeOutputFolder()
        try Session().run(first.text.replacing("out/", with: "out/readme-"))
    }
}
