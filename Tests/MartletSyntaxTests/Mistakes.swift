/// Texts with the mistakes that people make, and what they are told.
enum Mistakes {
    static let all: [Mistake] = expressions + queries
}

/// A text with mistakes, and the diagnostics as they must read.
struct Mistake: Sendable, CustomStringConvertible {
    let name: String
    let text: String
    let rendered: String

    init(_ name: String, _ text: String, _ rendered: String) {
        self.name = name
        self.text = text
        self.rendered = rendered
    }

    var description: String { name }
}
