/// Writes a script in its one canonical form.
///
/// A statement stands on one line if it fits and has no arms; else every stage begins a line, arms are indented by two behind
/// their stage, and long lists have an entry per line. A comment at the end of a line stays there; any other stands on a line
/// of its own before the line in which it was.
struct Formatter {
    let spelling: Spelling
    var comments: Comments
    private(set) var text = ""

    static let width = 100

    init(spelling: Spelling, comments: Comments) {
        self.spelling = spelling
        self.comments = comments
    }

    mutating func shebang(_ line: String) { text += line + "\n" }

    mutating func script(_ script: Script) {
        for statement in script.statements { self.statement(statement) }
        ownLines(comments.takeAll(), indent: 0, keepingBlankLines: true)
    }

    // MARK: Lines

    /// One line of output for the source up to `end`, after the comments that were inside it.
    mutating func line(_ indent: Int, _ content: String, end: Int) {
        ownLines(comments.take(before: end), indent: indent)
        text += String(repeating: " ", count: indent) + content
        if let comment = comments.takeTrailing(after: end) { text += "  " + comment }
        text += "\n"
    }

    private mutating func ownLines(
        _ comments: [(text: String, span: Span)], indent: Int, keepingBlankLines: Bool = false
    ) {
        for comment in comments {
            if keepingBlankLines { blankLine(before: comment.span.start) }
            text += String(repeating: " ", count: indent) + comment.text + "\n"
        }
    }

    private mutating func blankLine(before offset: Int) {
        if !text.isEmpty, comments.hasBlankLine(before: offset) { text += "\n" }
    }

    // MARK: Statements

    private mutating func statement(_ statement: Statement) {
        let firstLineEnd = firstLineEnd(of: statement)
        // Comments before and inside the first line, so that the blank line before the statement comes after them.
        ownLines(comments.take(before: firstLineEnd), indent: 0, keepingBlankLines: true)
        blankLine(before: statement.span.start)
        switch statement.kind {
        case .let(let name, let query): pipeline("let \(spelling.name(name)) = ", query, statement.span)
        case .explain(let analyze, let query):
            pipeline(analyze ? "explain analyze " : "explain ", query, statement.span)
        case .query(let query): pipeline("", query, statement.span)
        case .define(let name, let parameters, .stages(let stages)):
            let head = "define \(spelling.name(name))\(spelling.fields(parameters)) ="
            definition(head, stages, end: parametersEnd(name, parameters), statement.span)
        default: line(0, simple(statement.kind) + ";", end: statement.span.end)
        }
    }

    private func parametersEnd(_ name: Name, _ parameters: [Field]) -> Int {
        parameters.last?.span.end ?? name.span.end
    }

    /// Where the first line of the statement's broken form ends; all of it when it has no other form.
    private func firstLineEnd(of statement: Statement) -> Int {
        switch statement.kind {
        case .let(_, let query), .explain(_, let query), .query(let query): query.source.span.end
        case .define(let name, let parameters, .stages): parametersEnd(name, parameters)
        default: statement.span.end
        }
    }

    /// Statements that always stand on one line.
    private func simple(_ kind: Statement.Kind) -> String {
        switch kind {
        case .model(let name, let path, let signature, let options):
            return "model \(spelling.name(name)) = load \(spelling.expr(path))" + spelling.signature(signature)
                + spelling.options(options)
        case .param(let name, let type, let value):
            let initial = value.map { " = " + spelling.expr($0) } ?? ""
            return "param \(spelling.name(name)) \(spelling.type(type))" + initial
        case .tableParam(let name, let fields): return "param \(spelling.name(name)) table " + spelling.fields(fields)
        case .define(let name, let parameters, .expression(let value)):
            return "define \(spelling.name(name))\(spelling.fields(parameters)) = " + definitionBody(value)
        case .set(let name, let value): return "set \(spelling.name(name)) = " + spelling.expr(value)
        case .show(let name): return "show " + spelling.name(name)
        case .describe(let name): return "describe " + spelling.name(name)
        case .let, .explain, .query, .define(_, _, .stages): preconditionFailure("bug: not a statement of one line")
        }
    }

    /// An expression that begins with the name of a stage takes parentheses, or it would be that stage.
    private func definitionBody(_ value: Expr) -> String {
        let text = spelling.expr(value)
        let first = text.unicodeScalars.prefix { $0 == "_" || $0.properties.isXIDContinue }
        // `left` is a stage only before `join`, which no expression has there.
        guard let word = Word(spelling: Array(String(first).utf8)), StageSyntax.byWord[word] != nil, word != .left
        else {
            return text
        }
        return "(\(text))"
    }

    // MARK: Pipelines

    private mutating func pipeline(_ prefix: String, _ query: Query, _ span: Span) {
        let flat = prefix + spelling.query(query) + ";"
        if fits(flat, query.stages, inside: Span(query.source.span.end, span.end)) {
            return line(0, flat, end: span.end)
        }
        let isLast = query.stages.isEmpty
        line(0, prefix + spelling.source(query.source) + (isLast ? ";" : ""), end: query.source.span.end)
        stages(query.stages, indent: 0, firstSign: "|> ", terminator: ";")
    }

    private mutating func definition(_ head: String, _ stages: [Stage], end: Int, _ span: Span) {
        let flat = head + " " + stages.map(spelling.stage).joined(separator: " |> ") + ";"
        if fits(flat, stages, inside: Span(end, span.end)) { return line(0, flat, end: span.end) }
        line(0, head, end: end)
        self.stages(stages, indent: 2, firstSign: "", terminator: ";")
    }

    /// Whether a text may stand on one line: short, without arms, and without comments that would have to leave their place.
    private func fits(_ flat: String, _ stages: [Stage], indent: Int = 0, inside span: Span) -> Bool {
        indent + flat.count <= Self.width && !stages.contains { $0.kind.hasArms } && !comments.hasAny(in: span)
    }

    /// A line or more for each stage.
    private mutating func stages(_ stages: [Stage], indent: Int, firstSign: String, terminator: String) {
        for (index, stage) in stages.enumerated() {
            let sign = index == 0 ? firstSign : "|> "
            self.stage(stage, indent, sign, index == stages.count - 1 ? terminator : "")
        }
    }

    private mutating func stage(_ stage: Stage, _ indent: Int, _ sign: String, _ terminator: String) {
        if let block = Block(stage.kind, nameEnd: stage.nameSpan.end, spelling) {
            return self.block(block, stage, indent, sign, terminator)
        }
        let flat = sign + spelling.stage(stage) + terminator
        let isShort =
            indent + flat.count <= Self.width && !comments.hasAny(in: Span(stage.nameSpan.end, stage.span.end))
        guard !isShort, let lists = stage.kind.lists(spelling) else { return line(indent, flat, end: stage.span.end) }
        let inner = indent + sign.count
        var end = stage.nameSpan.end
        for (index, list) in lists.enumerated() {
            line(index == 0 ? indent : inner, (index == 0 ? sign : "") + list.head, end: end)
            for (position, entry) in list.entries.enumerated() {
                let isLast = position == list.entries.count - 1
                let isLastOfAll = isLast && index == lists.count - 1
                end = isLastOfAll ? stage.span.end : entry.end
                line(inner + 2, entry.text + (isLastOfAll ? terminator : isLast ? "" : ","), end: end)
            }
        }
    }

    // MARK: Arms

    private mutating func block(_ block: Block, _ stage: Stage, _ indent: Int, _ sign: String, _ terminator: String) {
        let inner = indent + sign.count
        line(indent, sign + block.head, end: block.headEnd)
        for arm in block.arms { self.arm(arm, inner + 2) }
        ownLines(comments.take(before: stage.span.end), indent: inner + 2)
        line(inner, block.tail + terminator, end: stage.span.end)
    }

    private mutating func arm(_ arm: Block.Arm, _ indent: Int) {
        guard let body = arm.body else { return line(indent, arm.head, end: arm.headEnd) }
        let flat = arm.head + " " + spelling.body(body)
        guard case .stages(let stages) = body.kind,
            !fits(flat, stages, indent: indent, inside: Span(arm.headEnd, body.span.end))
        else {
            return line(indent, flat, end: body.span.end)
        }
        line(indent, arm.head, end: arm.headEnd)
        self.stages(stages, indent: indent + 2, firstSign: "", terminator: "")
    }
}

extension Stage.Kind {
    var hasArms: Bool {
        switch self {
        case .route, .cascade, .split: true
        default: false
        }
    }
}
