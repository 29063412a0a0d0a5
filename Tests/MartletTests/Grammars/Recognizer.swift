/// Tells whether a grammar makes a row of tokens: Earley's algorithm, which takes any context-free grammar as it stands.
struct Recognizer<Input> {
    private let grammar: EBNF
    private let start: Int
    /// Rules that stand for single tokens, and what they match.
    private let matches: (EBNF.Symbol, Input) -> Bool
    private let isToken: [Bool]
    private let isNullable: [Bool]

    /// - Parameter tokens: names of rules that `matches` decides.
    init(_ grammar: EBNF, start: String, tokens: Set<String>, matches: @escaping (EBNF.Symbol, Input) -> Bool) {
        self.grammar = grammar
        self.start = grammar.rule(start) ?? 0
        self.matches = matches
        let isToken = grammar.names.map { tokens.contains($0) }
        self.isToken = isToken
        var nullable = [Bool](repeating: false, count: grammar.rules.count)
        var changed = true
        while changed {
            changed = false
            for (rule, alternatives) in grammar.rules.enumerated() where !nullable[rule] && !isToken[rule] {
                let isEmpty = alternatives.contains { alternative in
                    alternative.allSatisfy { symbol in
                        if case .rule(let part) = symbol { nullable[part] } else { false }
                    }
                }
                if isEmpty {
                    nullable[rule] = true
                    changed = true
                }
            }
        }
        isNullable = nullable
    }

    private struct Item: Hashable {
        var rule: Int32
        var alternative: Int32
        var dot: Int32
        var origin: Int32
    }

    /// The items after some tokens, and those among them that wait for a rule.
    private struct State {
        var items: [Item] = []
        var seen: Set<Item> = []
        var waiting: [Int: [Item]] = [:]

        mutating func add(_ item: Item) {
            if seen.insert(item).inserted { items.append(item) }
        }
    }

    /// nil if the grammar makes `input`, else how many tokens some sentence begins with.
    func refusal(_ input: [Input]) -> Int? {
        var states = [State()]
        for alternative in grammar.rules[start].indices {
            states[0].add(Item(rule: Int32(start), alternative: Int32(alternative), dot: 0, origin: 0))
        }
        for place in 0...input.count {
            var next = State()
            var index = 0
            while index < states[place].items.count {
                let item = states[place].items[index]
                index += 1
                let sequence = grammar.rules[Int(item.rule)][Int(item.alternative)]
                var advanced = item
                advanced.dot += 1
                guard Int(item.dot) < sequence.count else {
                    // Complete: what waited for the rule where it began goes on.
                    for var waiting in states[Int(item.origin)].waiting[Int(item.rule)] ?? [] {
                        waiting.dot += 1
                        states[place].add(waiting)
                    }
                    continue
                }
                let symbol = sequence[Int(item.dot)]
                if case .rule(let rule) = symbol, !isToken[rule] {
                    let isFirst = states[place].waiting[rule] == nil
                    states[place].waiting[rule, default: []].append(item)
                    if isFirst {
                        for alternative in grammar.rules[rule].indices {
                            states[place].add(
                                Item(rule: Int32(rule), alternative: Int32(alternative), dot: 0, origin: Int32(place)))
                        }
                    }
                    if isNullable[rule] { states[place].add(advanced) }
                } else if place < input.count, matches(symbol, input[place]) {
                    next.add(advanced)
                }
            }
            if place == input.count {
                let isWhole = states[place].items.contains { item in
                    item.rule == start && item.origin == 0
                        && Int(item.dot) == grammar.rules[start][Int(item.alternative)].count
                }
                return isWhole ? nil : place
            }
            guard !next.items.isEmpty else { return place }
            states.append(next)
        }
        return nil
    }
}
