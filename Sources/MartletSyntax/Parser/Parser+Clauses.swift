extension Parser {
    /// opts = "with" "(" name "=" expr { "," name "=" expr } ")"
    mutating func options() throws(Bail) -> [Option] {
        guard take(.with) != nil else { return [] }
        let opening = try expect(.leftParen, "(")
        return try bracketed(opening, .rightParen) { (parser: inout Parser) throws(Bail) in
            let start = parser.start
            let name = try parser.optionName()
            let value = try parser.expression()
            return Option(name, value, parser.span(from: start))
        }
    }

    /// name "="
    private mutating func optionName() throws(Bail) -> Name {
        let name = try name("the name of an option")
        try equals(after: "the option's name")
        return name
    }

    /// infer-opts = "with" "(" infer-opt { "," infer-opt } ")" ; infer-opt = "state" "=" links | name "=" expr
    mutating func inferOptions() throws(Bail) -> InferOptions {
        guard take(.with) != nil else { return InferOptions() }
        let opening = try expect(.leftParen, "(")
        var result = InferOptions()
        _ = try bracketed(opening, .rightParen) { (parser: inout Parser) throws(Bail) in
            let start = parser.start
            let name = try parser.optionName()
            guard name.text.lowercased() == "state" else {
                let value = try parser.expression()
                return result.others.append(Option(name, value, parser.span(from: start)))
            }
            if !result.state.isEmpty {
                parser.report(
                    Diagnostic(
                        .duplicateClause, "`state` is given twice", at: name.span,
                        help: ["one list holds all links: `state = (h => hn, c => cn)`"]))
            }
            result.state += try parser.stateLinks()
        }
        return result
    }

    /// links = "(" name "=>" name { "," name "=>" name } ")"
    private mutating func stateLinks() throws(Bail) -> [StateLink] {
        let help = ["state is an input and the output that feeds it: `state = (h => hn)`"]
        guard let opening = take(.leftParen) else { throw expected("`(` after `state =`", help: help) }
        return try bracketed(opening, .rightParen) { (parser: inout Parser) throws(Bail) in
            let input = try parser.name("the name of an input")
            guard parser.take(.fatArrow) != nil else {
                throw parser.expected("`=>` after the input's name", help: help)
            }
            return StateLink(input, try parser.name("the name of an output"))
        }
    }

    /// "=" of an assignment, where `:=`, `==`, `=>` and `:` are known mistakes.
    mutating func equals(after what: String) throws(Bail) {
        if take(.equal) != nil { return }
        let text = source[token.span]
        guard ["==", ":=", "=>", ":"].contains(text) else { throw expected("`=` after \(what)") }
        report(
            Diagnostic(
                text == "==" ? .doubleEquals : .foreignOperator, "a value is given with `=`, not `\(text)`",
                at: token.span, fix: .replace(token.span, with: "=")))
        advance()
    }

    /// "as" name
    mutating func alias() throws(Bail) -> Name? {
        guard take(.as) != nil else { return nil }
        return try name()
    }

    /// outs = name | "(" name [ "as" name ] { "," name [ "as" name ] } ")" — entered behind `as`
    mutating func outputs() throws(Bail) -> Outputs {
        guard let opening = take(.leftParen) else { return .single(try name("a name, or names in parentheses")) }
        return .fields(
            try bracketed(opening, .rightParen) { (parser: inout Parser) throws(Bail) in
                OutputField(try parser.name(), alias: try parser.alias())
            })
    }

    /// onerr = "on" "error" ( "fail" | "null" | "drop" | "keep" "as" name )
    mutating func onError() throws(Bail) -> OnError? {
        guard isAt(.on) else { return nil }
        let start = start
        advance()
        try expect(.error)
        let policy: OnError.Policy
        if take(.fail) != nil {
            policy = .fail
        } else if take(.null) != nil {
            policy = .null
        } else if take(.drop) != nil {
            policy = .drop
        } else if take(.keep) != nil {
            try expect(.as)
            policy = .keep(as: try name())
        } else {
            throw expected("`fail`, `null`, `drop` or `keep as name`")
        }
        return OnError(policy, span(from: start))
    }

    /// call = name "(" [ argument { "," argument } ] ")"
    mutating func call(for what: String) throws(Bail) -> Call {
        let start = start
        let name = try name("a call")
        guard isAt(.leftParen) else {
            throw expected(
                "`(` after `\(spelled(name.text))`",
                help: ["say what \(what) takes: `\(spelled(name.text))(column)`, or `\(spelled(name.text))(*)`"])
        }
        return try arguments(of: name, from: start)
    }

    /// "(" [ argument { "," argument } ] ")"
    mutating func arguments(of name: Name, from start: Int) throws(Bail) -> Call {
        let opening = try expect(.leftParen, "(")
        var arguments: [Argument] = []
        // Without the closures of `bracketed`: this is the way on which scripts nest deepest, and stack is short.
        while !isAt(.rightParen) {
            arguments.append(try argument())
            guard let comma = take(.comma) else { break }
            if isAt(.rightParen) { reportTrailing(comma) }
        }
        try close(opening, .rightParen)
        return Call(name, arguments, span(from: start))
    }

    /// argument = expr | name "=>" expr | "*"
    private mutating func argument() throws(Bail) -> Argument {
        if isAt(.star) || peek().kind == .fatArrow { return try specialArgument() }
        let value = try expression()
        return Argument(.positional(value), value.span)
    }

    private mutating func specialArgument() throws(Bail) -> Argument {
        let start = start
        if take(.star) != nil { return Argument(.star, span(from: start)) }
        let name = try name("the name of an argument")
        advance()
        let value = try expression()
        return Argument(.named(name, value), span(from: start))
    }
}
