import MartletSyntax

/// Where in the grammar a text breaks off: what kind of word comes next, and how much of it is typed already.
struct CompletionPlace: Equatable {
    enum Kind: Equatable {
        /// Inside a string.
        case path(String)
        /// Inside a comment, or where a new name is made up.
        case nothing
        case statement
        /// After `explain`.
        case explained
        /// After `explain analyze` or `let name =`.
        case source
        case stage
        /// After `then` or `else` of a route.
        case body
        /// One of these words.
        case word([String])
        case setting
        /// After `set name =`.
        case settingValue(String)
        case parameter
        case type
        /// After `from`, `join`, `union`.
        case relation
        /// After `describe`.
        case described
        /// After `show`.
        case subject
        case model
        /// After `model(…).`
        case output(model: String)
        /// Within a stage, if one is open.
        case expression(Word?)
        /// Behind an operand.
        case joining(Word?)
        /// Behind `with (`, or a comma there.
        case option(OptionOwner)
    }

    let kind: Kind
    /// The argument of a call that begins here, if one does.
    let argument: Argument?
    /// Byte at which the word begins that is being typed.
    let start: Int
    let typed: String

    init(_ text: String) {
        let source = SourceText(name: "", text)
        let (all, diagnostics) = Lexer.tokens(of: source)
        let tokens = all.filter { $0.kind != .endOfText && $0.kind != .whitespace && $0.kind != .shebang }
        if diagnostics.contains(where: { $0.code == .unterminatedString }), let open = tokens.last {
            start = open.span.start + 1
            typed = source[Span(start, open.span.end)]
            kind = .path(typed)
            argument = nil
            return
        }
        if let last = tokens.last, last.kind == .comment, last.span.end == source.bytes.count {
            (kind, start, typed) = (.nothing, source.bytes.count, "")
            argument = nil
            return
        }
        var before = tokens.filter { !$0.kind.isTrivia }
        // The word that is being typed: `na`, `$na`, `s.na`.
        var start = source.bytes.count
        var isParameter = false
        if let last = before.last, last.span.end == start, last.kind == .name || last.kind == .parameter {
            isParameter = last.kind == .parameter
            start = last.span.start
            before.removeLast()
            while before.count >= 2, before[before.count - 1].kind == .dot, before[before.count - 1].span.end == start,
                before[before.count - 2].kind == .name
            {
                start = before[before.count - 2].span.start
                before.removeLast(2)
            }
        } else if let last = before.last, last.kind == .dot, before.count >= 2, before[before.count - 2].kind == .name,
            before[before.count - 2].span.end == last.span.start
        {
            start = before[before.count - 2].span.start
            before.removeLast(2)
        } else if source.bytes.last == UInt8(ascii: "$") {
            start -= 1
            isParameter = true
        }
        self.start = start
        typed = source[Span(start, source.bytes.count)]
        kind = isParameter ? .parameter : Self.kind(after: before, source)
        argument = Self.argument(after: before[...], source)
    }

    private static func kind(after tokens: [Token], _ source: SourceText) -> Kind {
        guard let last = tokens.last else { return .statement }
        let statement = tokens[(tokens.lastIndex { $0.kind == .semicolon }.map { $0 + 1 } ?? 0)...]
        if let owner = optionOwner(after: statement, source) { return .option(owner) }
        switch last.kind {
        case .semicolon: return .statement
        case .pipe: return .stage
        case .doubleColon: return .type
        case .string, .quotedName, .integer, .float, .parameter, .rightParen, .rightBracket, .rightBrace:
            return .joining(stage(statement))
        case .dot: return output(before: tokens.dropLast(), source)
        case .equal where statement.first?.word == .let && statement.count == 3: return .source
        case .equal where statement.first?.word == .model && statement.count == 3: return .word(["load"])
        case .equal where statement.first?.word == .set && statement.count == 3:
            return .settingValue(source[tokens[tokens.endIndex - 2].span])
        default: break
        }
        if statement.count == 2, [.set, .model, .let, .param, .define].contains(statement.first?.word) {
            return statement.first?.word == .param ? .type : .nothing
        }
        switch last.word {
        case .model?, .let?, .param?, .define?: return statement.count == 1 ? .nothing : .expression(stage(statement))
        case .set?: return statement.count == 1 ? .setting : .expression(stage(statement))
        case .show?: return statement.count == 1 ? .subject : .expression(stage(statement))
        case .describe?: return statement.count == 1 ? .described : .expression(stage(statement))
        case .explain?: return .explained
        case .analyze?: return .source
        case .from?, .join?, .union?: return .relation
        case .infer?, .try?: return .model
        case .then?, .else?: return .body
        case .order?, .group?: return .word(["by"])
        case .left?: return .word(["join"])
        case .error?: return .word(["fail", "null", "drop", "keep as"])
        case .batch?: return .word(["auto", "rows", "tokens"])
        case .route?: return .word(["when"])
        case .cascade?: return .word(["as"])
        case .as?: return .nothing
        case .fail?: return .nothing
        case .load?: return .word(["'"])
        case .end?, .pass?, .drop?, .null?, .true?, .false?: return .joining(stage(statement))
        default:
            let isName = last.kind == .name && !(last.word.map(expectsMore) ?? false)
            return isName ? .joining(stage(statement)) : .expression(stage(statement))
        }
    }

    /// Whether an operand follows the word.
    private static func expectsMore(_ word: Word) -> Bool {
        switch word {
        case .where, .extend, .select, .rename, .limit, .offset, .order, .by, .aggregate, .group, .assert, .sample,
            .unnest,
            .when, .until, .on, .weight, .and, .or, .not, .is, .in, .between, .like, .ilike, .case, .write, .with,
            .distinct, .nearest, .values:
            true
        default: false
        }
    }

    /// The stage that the last token of a statement belongs to.
    static func stage(_ statement: ArraySlice<Token>) -> Word? {
        guard let pipe = statement.lastIndex(where: { $0.kind == .pipe }), pipe + 1 < statement.endIndex else {
            return nil
        }
        return statement[pipe + 1].word
    }

    /// After `name(…).` the outputs of model `name`.
    private static func output(before tokens: ArraySlice<Token>, _ source: SourceText) -> Kind {
        guard tokens.last?.kind == .rightParen else { return .nothing }
        var depth = 0
        for (index, token) in zip(tokens.indices, tokens).reversed() {
            if token.kind == .rightParen { depth += 1 }
            if token.kind == .leftParen { depth -= 1 }
            if depth == 0 {
                guard index > tokens.startIndex, tokens[index - 1].kind == .name else { return .nothing }
                return .output(model: source[tokens[index - 1].span])
            }
        }
        return .nothing
    }

    /// Words that an operand may begin with.
    static let operandWords = ["not", "null", "true", "false", "case", "cast", "try_cast"]

    /// Words that may follow an operand in a stage, or in the source if there is no stage yet.
    static func words(in stage: Word?) -> [String] {
        let operators = ["and", "or", "is", "not", "in", "between", "like", "ilike"]
        switch stage {
        case nil: return ["as", "with", "|>"]
        case .extend?, .select?, .rename?: return operators + ["as"]
        case .infer?: return operators + ["as", "with", "on error"]
        case .aggregate?: return operators + ["as", "group by"]
        case .order?: return operators + ["asc", "desc", "nulls first", "nulls last"]
        case .limit?: return ["offset"]
        case .route?: return operators + ["when", "then", "else", "end", "as", "pass", "drop", "fill null"]
        case .cascade?: return operators + ["try", "until", "end", "as", "with", "on error"]
        case .split?: return operators + ["by", "weight", "then", "end", "as"]
        case .write?: return ["with"]
        case .distinct?: return ["on"]
        default: return operators
        }
    }
}
