extension Parser {
    /// route = "route" { "when" expr [ "as" name ] "then" body } "else" body "end" [ "fill" "null" ] [ "as" name ]
    mutating func route(_ opening: Token) throws(Bail) -> Route {
        var arms: [RouteArm] = []
        while isAt(.when) {
            let start = start
            advance()
            let condition = try expression()
            let name = try alias()
            try expect(.then)
            let body = try body()
            arms.append(RouteArm(when: condition, name: name, then: body, span(from: start)))
        }
        guard isAt(.else) else {
            guard isAt(.end) else {
                if arms.isEmpty { throw expected("`when` or `else`") }
                throw missingEnd(of: opening, "route")
            }
            report(
                Diagnostic(
                    .routeWithoutElse, "route has no `else`", at: opening.span,
                    help: ["add `else pass` to keep them, `else drop` to discard, or `else infer …`"],
                    fix: .replace(Span(start, start), with: "else pass ")))
            advance()
            return try routeTail(arms, Body(.pass), previous.span)
        }
        let elseSpan = advance().span
        let otherwise = try body()
        if isAt(.when) {
            throw fail(
                Diagnostic(
                    .wrongOrder, "`when` stands behind `else`", at: token.span,
                    help: ["`else` is the last arm of a route"]))
        }
        guard take(.end) != nil else { throw missingEnd(of: opening, "route") }
        return try routeTail(arms, otherwise, elseSpan)
    }

    private mutating func routeTail(_ arms: [RouteArm], _ otherwise: Body, _ elseSpan: Span) throws(Bail) -> Route {
        var fillNull = false
        if take(.fill) != nil {
            try expect(.null)
            fillNull = true
        }
        return Route(arms: arms, otherwise: otherwise, fillNull: fillNull, armColumn: try alias(), elseSpan: elseSpan)
    }

    /// body = "pass" | "drop" | "fail" string | stages
    private mutating func body() throws(Bail) -> Body {
        try enter(cost: Self.queryDepth)
        bodies += 1
        defer {
            depth -= Self.queryDepth
            bodies -= 1
        }
        let start = start
        if peek().kind != .leftParen {
            if take(.pass) != nil { return Body(.pass, span(from: start)) }
            if take(.drop) != nil { return Body(.drop, span(from: start)) }
            if take(.fail) != nil { return Body(.fail(try string("a message")), span(from: start)) }
        }
        if isAt(.when) || isAt(.else) || isAt(.end) || isAt(.weight) || isAt(.endOfText) || isAt(.semicolon) {
            throw expected("`pass`, `drop`, `fail 'message'` or stages")
        }
        if isAt(.pipe) {
            report(
                Diagnostic(
                    .unexpectedToken, "no `|>` before the first stage of an arm", at: token.span,
                    fix: .replace(token.span, with: "")))
            advance()
        }
        let stages = try stages()
        return Body(.stages(stages), span(from: start))
    }

    /// cascade = "cascade" "as" outs { "try" call "until" expr } "try" call "end" [ "as" name ] [ opts ] [ onerr ]
    mutating func cascade(_ opening: Token) throws(Bail) -> Cascade {
        guard take(.as) != nil else {
            throw expected("`as` with the outputs", help: ["write `cascade as (label, score) try … end`"])
        }
        let outputs = try outputs()
        var tiers: [CascadeTier] = []
        var last: Call?
        while isAt(.try) {
            let start = start
            advance()
            if let call = last {
                throw fail(
                    Diagnostic(
                        .cascadeShape, "a tier without `until` lets nothing through",
                        labels: [.primary(call.span), .secondary(tokens[index - 1].span, "this tier gets no rows")],
                        help: ["add `until condition`, or make it the last tier"]))
            }
            let call = try call(for: "the model")
            if take(.until) != nil {
                tiers.append(CascadeTier(call, until: try expression(), span(from: start)))
            } else {
                last = call
            }
        }
        guard take(.end) != nil else {
            if tiers.isEmpty, last == nil { throw expected("`try`") }
            throw missingEnd(of: opening, "cascade")
        }
        guard let last else {
            throw fail(
                Diagnostic(
                    .cascadeShape, "the last tier of a cascade has no `until`",
                    at: tiers.last?.until.span ?? opening.span,
                    help: [
                        "remove this `until`: the last model answers what is left", "or add `try model(…)` after it",
                    ]))
        }
        let column = try alias()
        let options = try options()
        let onError = try onError()
        if onError != nil, isAt(.with) { throw misplacedOptions() }
        return Cascade(
            outputs: outputs, tiers: tiers, last: last, tierColumn: column, options: options, onError: onError)
    }

    /// split = "split" "by" expr { "weight" int [ "as" name ] "then" body } "end" [ "as" name ]
    mutating func split(_ opening: Token) throws(Bail) -> Split {
        try expect(.by)
        let key = try expression()
        var arms: [SplitArm] = []
        while isAt(.weight) {
            let start = start
            advance()
            let weight = try count("a weight")
            let name = try alias()
            try expect(.then)
            let body = try body()
            arms.append(SplitArm(weight: weight, name: name, then: body, span(from: start)))
        }
        guard take(.end) != nil else {
            if arms.isEmpty { throw expected("`weight`", .splitShape) }
            throw missingEnd(of: opening, "split")
        }
        guard !arms.isEmpty else {
            throw fail(
                Diagnostic(
                    .splitShape, "split has no arms", at: opening.span,
                    help: ["write `split by \(source[key.span]) weight 10 then … weight 90 then … end`"]))
        }
        return Split(by: key, arms: arms, armColumn: try alias())
    }
}
