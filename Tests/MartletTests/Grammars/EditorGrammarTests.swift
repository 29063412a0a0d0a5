import Foundation
import MartletSyntax
import MartletTestSupport
import Testing

/// `grammar/martlet.tmLanguage.json` colours every script as the lexer reads it.
@Suite
struct EditorGrammarTests {
    init() { ProjectFiles.enter() }

    /// A rule of the grammar: one expression, or what stands between two.
    private struct Rule {
        var scope: String
        var begin: NSRegularExpression
        var end: NSRegularExpression?
    }

    private static func rules() throws -> [Rule] {
        let text = try #require(ProjectFiles.read("grammar/martlet.tmLanguage.json"))
        let grammar = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        return try #require(grammar["patterns"] as? [[String: Any]]).map { pattern in
            func expression(_ key: String) throws -> NSRegularExpression? {
                try (pattern[key] as? String).map {
                    try NSRegularExpression(pattern: $0, options: [.anchorsMatchLines])
                }
            }
            return Rule(
                scope: try #require(pattern["name"] as? String),
                begin: try #require(try expression("match") ?? expression("begin")), end: try expression("end"))
        }
    }

    /// The scope of each UTF-16 unit, as an editor finds them: the earliest match, of several the first rule's.
    private static func scopes(_ text: String, _ rules: [Rule]) -> [String] {
        let length = text.utf16.count
        var result = [String](repeating: "", count: length)
        var place = 0
        while place < length {
            let rest = NSRange(location: place, length: length - place)
            var best: (rule: Rule, range: NSRange)?
            for rule in rules {
                // What stands before the place is seen by expressions that look behind.
                let options: NSRegularExpression.MatchingOptions = [.withTransparentBounds, .withoutAnchoringBounds]
                guard let range = rule.begin.firstMatch(in: text, options: options, range: rest)?.range,
                    range.length > 0
                else { continue }
                if best.map({ range.location < $0.range.location }) ?? true { best = (rule, range) }
            }
            guard case (let rule, var range)? = best else { break }
            if let end = rule.end {
                var from = NSMaxRange(range)
                // Quotes in pairs are no end.
                while from < length {
                    let tail = NSRange(location: from, length: length - from)
                    guard let found = end.firstMatch(in: text, options: [.withTransparentBounds], range: tail)?.range
                    else {
                        from = length
                        break
                    }
                    let quotes = (text as NSString).substring(
                        with: NSRange(location: from, length: NSMaxRange(found) - from))
                    from = NSMaxRange(found)
                    if quotes.count(where: { $0 == "'" }) % 2 == 1 { break }
                }
                range.length = from - range.location
            }
            for unit in range.location..<NSMaxRange(range) { result[unit] = rule.scope }
            place = NSMaxRange(range)
        }
        return result
    }

    private static func isRight(_ scope: String, _ token: Token, afterDot: Bool) -> Bool {
        switch token.kind {
        case .comment, .shebang: scope.hasPrefix("comment.")
        case .string: scope.hasPrefix("string.")
        case .quotedName: scope.hasPrefix("variable.other")
        case .parameter: scope.hasPrefix("variable.parameter")
        case .integer where afterDot, .foreign: scope.isEmpty || scope.hasPrefix("keyword.operator")
        case .integer, .float: scope.hasPrefix("constant.numeric")
        case .whitespace: scope.isEmpty
        case .name where token.word != nil && !afterDot:
            scope.hasPrefix("keyword.") || scope.hasPrefix("constant.language")
        case .name: ["", "entity.name.function.martlet", "support.type.martlet"].contains(scope)
        case .leftParen, .rightParen, .leftBracket, .rightBracket, .leftBrace, .rightBrace, .comma, .semicolon, .dot,
            .colon, .question:
            scope.isEmpty
        default: scope == "keyword.operator.martlet"
        }
    }

    @Test func coloursEveryScriptAsTheLexerReadsIt() throws {
        let rules = try Self.rules()
        let scripts = Corpus.all.map(\.text)
            .filter { Lexer.tokens(of: SourceText(name: "", $0)).diagnostics.isEmpty }
        #expect(scripts.count > 400)
        for script in scripts {
            let source = SourceText(name: "", script)
            let scopes = Self.scopes(script, rules)
            var units = 0
            var previous: TokenKind?
            for token in Lexer.tokens(of: source).tokens where !token.span.isEmpty {
                let text = source[token.span]
                let own = Set(scopes[units..<(units + text.utf16.count)])
                units += text.utf16.count
                #expect(
                    own.count == 1 && Self.isRight(own.first ?? "", token, afterDot: previous == .dot),
                    "`\(text)` is coloured \(own.sorted()) in:\n\(script)")
                if !token.kind.isTrivia { previous = token.kind }
            }
        }
    }

    @Test func knowsEveryWordOfTheGrammar() throws {
        let rules = try Self.rules()
        for word in Word.allCases {
            let scopes = Set(Self.scopes(word.rawValue, rules))
            #expect(
                scopes.count == 1
                    && (scopes.first?.hasPrefix("keyword") == true || scopes.first == "constant.language.martlet"),
                "\(word.rawValue)")
        }
    }
}
