/// Recursive descent over the tokens of one text. Errors are collected; parsing goes on at the next `|>`, `;` or statement.
struct Parser {
    let source: SourceText
    /// Without trivia; ends in `.endOfText`.
    let tokens: [Token]
    var index = 0
    var diagnostics: [Diagnostic]
    /// How deep the parser stands, in units of one expression level.
    var depth = 0
    /// How many sub-queries in parentheses the parser stands in: only then does `)` end a query.
    var parenthesizedQueries = 0
    /// How many route or split bodies the parser stands in: only then do `when`, `else`, `weight` and `end` end a stage list.
    var bodies = 0
    /// Where the last error was reported: one token gives one error.
    private var lastErrorIndex = -1

    /// Levels of nesting that are accepted. An unoptimized build takes up to 6 KB of stack for a level, so that parsing fits a
    /// stack of 512 KB.
    static let depthLimit = 64
    /// What a nested query or arm body costs of the limit.
    static let queryDepth = 4
    /// Heights of expression trees that are accepted: operators in a row.
    static let heightLimit = 256
    static let diagnosticLimit = 100
    /// Bytes in a script.
    static let textLimit = 16 << 20

    init(source: SourceText, tokens: [Token], diagnostics: [Diagnostic]) {
        self.source = source
        self.tokens = tokens.filter { !$0.kind.isTrivia }
        self.diagnostics = diagnostics
    }

    /// Leaves the construct that is being parsed; the diagnostic has been reported.
    struct Bail: Error {}

    // MARK: Tokens

    var token: Token { tokens[index] }
    var previous: Token { tokens[max(index - 1, 0)] }

    /// The token `count` places on; the end token beyond the end.
    func peek(_ count: Int = 1) -> Token { tokens[min(index + count, tokens.count - 1)] }

    func isAt(_ kind: TokenKind) -> Bool { token.kind == kind }
    func isAt(_ word: Word) -> Bool { token.word == word }

    @discardableResult
    mutating func advance() -> Token {
        let current = token
        if index < tokens.count - 1 { index += 1 }
        return current
    }

    /// Takes the token if it is of this kind.
    mutating func take(_ kind: TokenKind) -> Token? { isAt(kind) ? advance() : nil }
    mutating func take(_ word: Word) -> Token? { isAt(word) ? advance() : nil }

    mutating func expect(_ kind: TokenKind, _ shown: String) throws(Bail) -> Token {
        if let token = take(kind) { return token }
        throw expected("`\(shown)`")
    }

    @discardableResult
    mutating func expect(_ word: Word) throws(Bail) -> Token {
        if let token = take(word) { return token }
        throw expected("`\(word.rawValue)`")
    }

    /// The span from a start to the end of the last token taken.
    func span(from start: Int) -> Span { Span(start, index > 0 ? previous.span.end : start) }

    var start: Int { token.span.start }

    /// A place to hang "something is missing" on: right behind the last token.
    var gap: Span { Span(previous.span.end, previous.span.end) }

    // MARK: Errors

    /// Reports, unless an error was reported at this very token.
    mutating func report(_ diagnostic: Diagnostic) {
        if diagnostic.severity == .error {
            guard index != lastErrorIndex else { return }
            lastErrorIndex = index
        }
        if diagnostics.count < Self.diagnosticLimit {
            diagnostics.append(diagnostic)
        } else if diagnostics.count == Self.diagnosticLimit {
            diagnostics.append(
                Diagnostic(
                    .tooManyErrors, "more than \(Self.diagnosticLimit) errors; the others are not shown",
                    at: token.span))
        }
    }

    mutating func fail(_ diagnostic: Diagnostic) -> Bail {
        report(diagnostic)
        return Bail()
    }

    /// "expected …, found …" at the current token.
    mutating func expected(
        _ what: String, _ code: DiagnosticCode = .unexpectedToken, labels: [Label] = [], help: [String] = []
    ) -> Bail {
        fail(
            Diagnostic(
                code, "expected \(what), found \(describe(token))", labels: [.primary(place)] + labels, help: help))
    }

    /// The current token, or the end of the last one when the text is over.
    var place: Span { isAt(.endOfText) ? gap : token.span }

    func describe(_ token: Token) -> String {
        switch token.kind {
        case .endOfText: return "the end of the text"
        case .string:
            let text = source[token.span]
            return text.utf8.count > 40 || text.contains("\n") ? "a string" : "the string \(text)"
        default:
            let text = source[token.span]
            return text.utf8.count > 60 ? "`\(text.prefix(40))…`" : "`\(text)`"
        }
    }

    // MARK: Nesting

    /// Enters a nested construct. Whoever enters leaves by `depth -= cost`, on errors too.
    mutating func enter(cost: Int = 1) throws(Bail) {
        guard depth + cost <= Self.depthLimit else {
            throw fail(
                Diagnostic(
                    .nestedTooDeeply, "nested too deeply", at: place, "deeper than \(Self.depthLimit) levels",
                    help: ["name a part of it with `extend`, `let` or `define`"]))
        }
        depth += cost
    }
}
