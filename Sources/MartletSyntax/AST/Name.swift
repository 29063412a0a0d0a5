/// A name as written: case is kept; `"quoted"` names hold what stands between the quotes, `""` undone.
package struct Name: Equatable, Sendable {
    package var text: String
    @NotCompared package var span: Span

    package init(_ text: String, _ span: Span = .none) {
        self.text = text
        self.span = span
    }
}

/// A string literal in a place where only a literal may stand (paths, messages).
package struct StringLiteral: Equatable, Sendable {
    package var value: String
    @NotCompared package var span: Span

    package init(_ value: String, _ span: Span = .none) {
        self.value = value
        self.span = span
    }
}

/// An integer literal in a place where only a literal may stand (`limit`, `batch`, …). Never negative.
package struct IntegerLiteral: Equatable, Sendable {
    package var value: Int
    @NotCompared package var span: Span

    package init(_ value: Int, _ span: Span = .none) {
        self.value = value
        self.span = span
    }
}
