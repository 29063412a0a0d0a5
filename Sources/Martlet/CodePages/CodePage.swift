import MartletPlanner
import MartletSyntax

/// What `martlet explain CODE` prints: what a code means, and what to do about it.
package struct CodePage: Sendable {
    /// `E0301`.
    package let code: String
    /// What is wrong, as a noun phrase.
    package let title: String
    /// Why it is an error or a warning.
    package let meaning: String
    package let remedy: String
    /// A script that gets the code; nil where no script of a few lines can.
    package let example: String?

    /// A page about a code of parser or binder, which brings its title along.
    init(_ code: String, _ meaning: String, remedy: String, example: String? = nil) {
        let known = (DiagnosticCode.syntax + DiagnosticCode.binder).first { $0.id == code }
        self.init(code, title: known?.explanation ?? "", meaning, remedy: remedy, example: example)
    }

    init(_ code: String, title: String, _ meaning: String, remedy: String, example: String? = nil) {
        self.code = code
        self.title = title
        self.meaning = meaning
        self.remedy = remedy
        self.example = example
    }

    /// The page for a terminal, ended by a line end.
    package var text: String {
        var text = "\(code): \(title)\n\n"
        text += Self.lines(meaning, indent: "") + "\n" + Self.lines("What to do: " + remedy, indent: "")
        guard let example else { return text }
        text += "\nExample:\n\n" + example.split(separator: "\n").map { "  \($0)\n" }.joined()
        let said = Session().check(example, name: "example").filter { $0.code == code }
        if !said.isEmpty { text += "\n" + said.map(\.rendered).joined(separator: "\n") }
        return text
    }

    /// Words in lines of at most 100 columns.
    private static func lines(_ words: String, indent: String) -> String {
        var lines = ""
        var line = indent
        for word in words.split(separator: " ") {
            if line.count + 1 + word.count > 100 {
                lines += line + "\n"
                line = indent
            }
            line += line == indent ? String(word) : " " + word
        }
        return lines + line + "\n"
    }
}
