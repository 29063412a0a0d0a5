/// A piece of text. The tokens of a text, trivia included, lie end to end and cover all of it.
package struct Token: Equatable, Sendable {
    package var kind: TokenKind
    package var span: Span
    /// Set for an unquoted name that the grammar knows somewhere; it is a plain name wherever the grammar does not ask for it.
    package var word: Word?

    package init(_ kind: TokenKind, _ span: Span, word: Word? = nil) {
        self.kind = kind
        self.span = span
        self.word = word
    }
}

package enum TokenKind: Equatable, Sendable {
    // Trivia.
    case whitespace
    /// `-- …` without its line end.
    case comment
    /// `#! …` on the first line, without its line end.
    case shebang
    /// Text that begins no token; a diagnostic has been given. The parser passes over it.
    case unknown

    case name
    case quotedName
    /// `$name`
    case parameter
    case integer
    case float
    case string
    /// An operator of other languages (`==`, `&&`, `!`, `^`, …), kept whole so that the parser can say what to write.
    case foreign

    case pipe  // |>
    case concat  // ||
    case coalesce  // ??
    case question  // ?
    case slash  // /
    case doubleSlash  // //
    case colon  // :
    case doubleColon  // ::
    case fatArrow  // =>
    case arrow  // ->
    case equal  // =
    case notEqual  // != or <>
    case less  // <
    case lessOrEqual  // <=
    case greater  // >
    case greaterOrEqual  // >=
    case plus  // +
    case minus  // -
    case star  // *
    case percent  // %
    case dot  // .
    case comma  // ,
    case semicolon  // ;
    case leftParen  // (
    case rightParen  // )
    case leftBracket  // [
    case rightBracket  // ]
    case leftBrace  // {
    case rightBrace  // }
    /// After the last token, empty.
    case endOfText

    /// Whether the parser passes over it.
    package var isTrivia: Bool {
        switch self {
        case .whitespace, .comment, .shebang, .unknown: true
        default: false
        }
    }
}
