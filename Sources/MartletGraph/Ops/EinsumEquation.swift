/// An equation of Einstein's summation for operands of known ranks: labels as numbers, the dimensions of `...` included.
struct EinsumEquation {
    /// Labels of the dimensions of each operand and of the result.
    var operands: [[Int]]
    var output: [Int]

    struct Mistake: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    /// One side's term: letters as their code, nil for `...`.
    private static func term(_ text: Substring) throws -> [Int?] {
        var result: [Int?] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.first {
            if byte == UInt8(ascii: ".") {
                guard rest.starts(with: "...".utf8), !result.contains(nil) else {
                    throw Mistake("a `...` is spelled wrong")
                }
                result.append(nil)
                rest = rest.dropFirst(3)
                continue
            }
            rest = rest.dropFirst()
            if byte == UInt8(ascii: " ") { continue }
            guard (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20), byte >= UInt8(ascii: "A") else {
                throw Mistake("`\(Character(Unicode.Scalar(byte)))` is no label")
            }
            result.append(Int(byte))
        }
        return result
    }

    /// The labels of `...`, the last dimension first, so that they meet at the back.
    private static func spread(_ terms: [Int?], _ count: Int) -> [Int] {
        terms.flatMap { $0.map { [$0] } ?? (0..<count).reversed().map { 1000 + $0 } }
    }

    /// Throws `Mistake`.
    init(_ equation: String, ranks: [Int]) throws {
        var text = equation[...]
        var right: Substring?
        if let arrow = equation.utf8.firstIndex(of: UInt8(ascii: "-")) {
            guard equation[arrow...].utf8.starts(with: "->".utf8) else { throw Mistake("an arrow is spelled wrong") }
            text = equation[..<arrow]
            right = equation[equation.utf8.index(arrow, offsetBy: 2)...]
        }
        let terms = try text.split(separator: ",", omittingEmptySubsequences: false).map(Self.term)
        guard terms.count == ranks.count else { throw Mistake("\(terms.count) terms for \(ranks.count) inputs") }
        var widest = 0
        for (term, rank) in zip(terms, ranks) {
            let letters = term.count { $0 != nil }
            guard term.contains(nil) ? rank >= letters : rank == letters else {
                throw Mistake("\(letters) labels for an input of rank \(rank)")
            }
            widest = Swift.max(widest, rank - letters)
        }
        operands = zip(terms, ranks).map { term, rank in Self.spread(term, rank - term.count { $0 != nil }) }
        if let right {
            output = Self.spread(try Self.term(right), widest)
            guard Set(output).count == output.count, Set(output).isSubset(of: operands.joined()) else {
                throw Mistake("the result's labels are not those of the inputs, each once")
            }
        } else {
            // Labels that occur once, in alphabetical order, after what `...` stands for.
            var counts: [Int: Int] = [:]
            for label in operands.joined() { counts[label, default: 0] += 1 }
            output = Self.spread([nil], widest) + counts.keys.filter { $0 < 1000 && counts[$0] == 1 }.sorted()
        }
    }
}
