import Martlet
import MartletShell
import Testing

struct MarkdownTableTests {
    @Test func escapesWhatWouldBreakTheTable() throws {
        let results = try Session(threads: 1).run("from values (1, 'a|b\n<i>\\'), (null, '') as t(n, \"x|y\")")
        let table = MarkdownTable(columns: results.columns)
        #expect(table.header == "| n | x\\|y |\n| ---: | --- |\n")
        #expect(table.lines(results) == "| 1 | a\\|b<br>&lt;i>\\\\ |\n|  |  |\n")
    }
}
