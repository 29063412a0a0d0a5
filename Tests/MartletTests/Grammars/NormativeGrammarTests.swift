import MartletSyntax
import MartletTestSupport
import Testing

/// `grammar/martlet.ebnf`, run as it stands, takes what the parser takes and refuses what it refuses.
@Suite
struct NormativeGrammarTests {
    init() { ProjectFiles.enter() }

    private static let grammar: EBNF? = try? EBNF(ProjectFiles.read("grammar/martlet.ebnf") ?? "")

    private struct Piece {
        var kind: TokenKind
        var text: String
    }

    private func recognizer() throws -> Recognizer<Piece> {
        let grammar = try #require(Self.grammar)
        /// Whether a token is what a rule in capitals says.
        func isToken(_ rule: Int, _ piece: Piece) -> Bool {
            if let left = grammar.rules[rule].first?.first, let right = grammar.exceptions[rule],
                case .rule(let base) = left
            {
                let excluded = grammar.rules[right].contains { $0 == [.literal(piece.text.lowercased())] }
                return !excluded && isToken(base, piece)
            }
            switch grammar.names[rule] {
            case "WORD": return piece.kind == .name
            case "QUOTED": return piece.kind == .quotedName
            case "PARAMETER": return piece.kind == .parameter
            case "INTEGER": return piece.kind == .integer
            case "FLOAT": return piece.kind == .float
            case "STRING": return piece.kind == .string
            default: return false
            }
        }
        return Recognizer(
            grammar, start: "script", tokens: Set(grammar.names.filter { $0.first?.isUppercase ?? false })
        ) {
            symbol, piece in
            switch symbol {
            case .literal(let text):
                switch piece.kind {
                case .name: text == piece.text.lowercased()
                case .quotedName, .string, .parameter, .integer, .float: false
                default: text == piece.text
                }
            case .rule(let rule): isToken(rule, piece)
            case .special: false
            }
        }
    }

    private func pieces(_ source: SourceText) -> [Piece] {
        Lexer.tokens(of: source).tokens
            .filter { !$0.kind.isTrivia && $0.kind != .endOfText }
            .map { Piece(kind: $0.kind, text: source[$0.span]) }
    }

    @Test func isWhole() throws {
        let grammar = try EBNF(ProjectFiles.read("grammar/martlet.ebnf") ?? "")
        #expect(grammar.undefined == [])
    }

    @Test func takesWhatTheParserTakes() throws {
        let recognizer = try recognizer()
        #expect(Corpus.sound.count > 500)
        for text in Corpus.sound {
            let pieces = pieces(SourceText(name: "", text.text))
            if let place = recognizer.refusal(pieces) {
                Issue.record(
                    "\(text.name): refused before token \(place + 1), `\(place < pieces.count ? pieces[place].text : "the end")`"
                )
            }
        }
    }

    @Test func refusesWhatTheParserRefuses() throws {
        let recognizer = try recognizer()
        for text in Corpus.broken {
            let codes = Set(text.parsed.diagnostics.map(\.code.id))
            guard codes.isDisjoint(with: Self.beyondGrammars) else { continue }
            #expect(recognizer.refusal(pieces(SourceText(name: "", text.text))) != nil, "\(text.name) \(codes)")
        }
    }

    /// What no grammar tells: limits (numbers, nesting, length), and a clause given twice.
    static let beyondGrammars: Set<String> = ["E0006", "E0008", "E0014", "E0027", "E0031"]

    /// One token left out, doubled or swapped with the next: both say the same.
    @Test func agreesAboutScriptsWithOneMistake() throws {
        let recognizer = try recognizer()
        var random = SplitMix(seed: 5)
        var broken = 0
        for text in Corpus.sound where text.text.utf8.count < 400 {
            for mutant in Mutation.mutants(of: text.text, count: 2, using: &random) {
                let parsed = parse(SourceText(name: "", mutant))
                guard Lexer.tokens(of: parsed.source).diagnostics.isEmpty else { continue }
                let isSound = !parsed.diagnostics.contains { $0.severity == .error }
                broken += isSound ? 0 : 1
                let isTaken = recognizer.refusal(pieces(parsed.source)) == nil
                #expect(
                    isSound == isTaken || (isTaken && Mutation.isBeyondNotes(mutant)),
                    "the parser \(isSound ? "takes" : "refuses") \(text.name) as:\n\(mutant)")
            }
        }
        #expect(broken > 300)
    }

    @Test func knowsTheWordsOfTheParser() throws {
        let grammar = try #require(Self.grammar)
        func words(_ rule: String) -> Set<String> {
            Set(
                (grammar.rule(rule).map { grammar.rules[$0] } ?? []).compactMap { alternative in
                    if case .literal(let text)? = alternative.first { text } else { nil }
                })
        }
        #expect(words("reserved") == Set(Word.allCases.filter(\.isReserved).map(\.rawValue)))
        let literals = Set(
            grammar.rules.flatMap { $0 }.flatMap { $0 }.compactMap { symbol -> String? in
                if case .literal(let text) = symbol, text.first?.isLetter == true { text } else { nil }
            })
        for word in Word.allCases { #expect(literals.contains(word.rawValue), "\(word)") }
    }

    /// Each token is spelled as the lexical part says.
    @Test func spellsTokensAsTheLexerReadsThem() throws {
        let grammar = try #require(Self.grammar).spelledOut
        let kinds: [(TokenKind, String)] = [
            (.name, "WORD"), (.quotedName, "QUOTED"), (.parameter, "PARAMETER"), (.integer, "INTEGER"),
            (.float, "FLOAT"), (.string, "STRING"), (.comment, "COMMENT"), (.shebang, "SHEBANG"),
        ]
        var spellings: [String: Set<String>] = [:]
        for text in Corpus.all {
            let source = SourceText(name: "", text.text)
            let (tokens, diagnostics) = Lexer.tokens(of: source)
            guard diagnostics.isEmpty else { continue }
            for token in tokens {
                guard let rule = kinds.first(where: { $0.0 == token.kind })?.1 else { continue }
                spellings[rule, default: []].insert(source[token.span])
            }
        }
        for (_, rule) in kinds {
            let recognizer = Recognizer<Unicode.Scalar>(grammar, start: rule, tokens: []) { symbol, scalar in
                switch symbol {
                case .literal(let text): text.unicodeScalars.first.map { $0 == scalar } ?? false
                case .special("Unicode XID_Start"): scalar.properties.isXIDStart
                case .special("Unicode XID_Continue"): scalar.properties.isXIDContinue
                case .special("any character but a double quote"): scalar != "\""
                case .special("any character but a single quote"): scalar != "'"
                case .special("any character but a line end"): scalar != "\n"
                case .special, .rule: false
                }
            }
            for spelling in spellings[rule] ?? [] {
                #expect(recognizer.refusal(Array(spelling.unicodeScalars)) == nil, "\(rule): \(spelling)")
            }
            #expect(!(spellings[rule] ?? []).isEmpty, "no \(rule) in any script")
        }
    }
}
