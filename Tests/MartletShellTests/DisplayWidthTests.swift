import MartletShell
import Testing

/// Columns as terminals draw them.
struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한글", 4), ("ﾊﾝｶｸ", 4), ("ＡＢ", 4), ("👇", 2),
        ("👩‍👩‍👧", 2), ("🇦🇹", 2), ("👍🏽", 2), ("❤️", 2), ("❤", 1), ("…", 1), ("a\u{200B}b", 2), ("Ω", 1), ("नि", 1),
    ])
    func widthOfText(_ text: String, _ width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""), ("日本語", 6, "日本語"),
        ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("a👇b", 3, "a…"), ("e\u{301}e\u{301}", 1, "…"),
    ])
    func cutsToColumns(_ text: String, _ width: Int, _ expected: String) {
        let cut = DisplayWidth.cut(text, to: width)
        #expect(cut == expected)
        #expect(DisplayWidth.of(cut) <= width)
    }

    @Test func pads() {
        #expect(DisplayWidth.pad("日", to: 4) == "日  ")
        #expect(DisplayWidth.pad("日", to: 4, right: true) == "  日")
        #expect(DisplayWidth.pad("long", to: 2) == "long")
    }
}
