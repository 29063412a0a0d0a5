import MartletSupport
import MartletTensor

/// The tokens of each string along a new last axis as long as the most tokens of one; `padding` fills up. Input: x, strings.
package struct TokenizeOp: GraphOp {
    package enum Rule: Hashable, Sendable {
        /// Each scalar is a token.
        case scalars
        /// What matches an expression in RE2's syntax.
        case matches(String)
        /// What is left between matches of the expressions, applied one after the other.
        case separated([String])
    }

    package static let name = "Tokenize"
    package var rule: Rule
    /// Shorter tokens, in scalars, are left out.
    package var shortest: Int
    package var padding: String
    /// Whether the characters 2 and 3 stand around the tokens of a string.
    package var marksEnds: Bool

    package init(_ rule: Rule, shortest: Int, padding: String, marksEnds: Bool) {
        self.rule = rule
        self.shortest = shortest
        self.padding = padding
        self.marksEnds = marksEnds
    }

    package var attributes: String { "\(rule) shortest=\(shortest)\(marksEnds ? " marks" : "")" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard x.type.dtype == .string else { throw impossible(inputs, "takes strings only") }
        do {
            _ = try compiled()
        } catch {
            throw impossible(inputs, "a pattern of \(rule) is not supported: \(error)")
        }
        return [ValueType(.string, x.type.shape.map { $0 + [.unknown] })]
    }

    private func compiled() throws(RegularExpressionError) -> [RegularExpression] {
        switch rule {
        case .scalars: return []
        case .matches(let pattern): return [try RegularExpression(RE2Pattern.translated(pattern))]
        case .separated(let patterns):
            var result: [RegularExpression] = []
            for pattern in patterns { result.append(try RegularExpression(RE2Pattern.translated(pattern))) }
            return result
        }
    }

    package func prepare(_ constants: [Tensor?]) throws -> AnyObject? { (try? compiled()).map(CompiledPatterns.init) }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard x.dtype == .string, let expressions = (context.prepared as? CompiledPatterns)?.expressions else {
            throw context.invalid(self, inputs, "a pattern of \(rule) is not supported")
        }
        let lists = x.elements(StringElement.self).map { element -> [[UInt8]] in
            // Repaired if it is no UTF-8, which the matcher relies on.
            var text = element.string
            let tokens = text.withUTF8 { self.tokens(of: $0, expressions) }
            return marksEnds ? [[2]] + tokens + [[3]] : tokens
        }
        let width = lists.reduce(0) { max($0, $1.count) }
        let shape = x.shape + [width]
        try TensorStorage.check(byteCount: Tensor.byteCount(.string, shape: shape))
        let filler = Array(padding.utf8)
        var texts: [[UInt8]] = []
        for list in lists {
            texts += list
            texts += [[UInt8]](repeating: filler, count: width - list.count)
        }
        return [try stringTensor(texts, shape: shape)]
    }

    private func tokens(of text: UnsafeBufferPointer<UInt8>, _ expressions: [RegularExpression]) -> [[UInt8]] {
        func bytes(_ range: Range<Int>) -> [UInt8] { Array(text[range]) }
        func isLong(_ token: [UInt8]) -> Bool {
            !token.isEmpty && token.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) } >= shortest
        }
        switch rule {
        case .scalars: return String(decoding: text, as: UTF8.self).unicodeScalars.map { Array(String($0).utf8) }
        case .matches:
            return expressions.first.map { $0.matches(in: text).map(bytes).filter(isLong) } ?? []
        case .separated:
            var pieces = [0..<text.count]
            for expression in expressions {
                pieces = pieces.flatMap { piece -> [Range<Int>] in
                    var start = piece.lowerBound
                    var result: [Range<Int>] = []
                    let slice = UnsafeBufferPointer(rebasing: text[piece])
                    for match in expression.matches(in: slice) where !match.isEmpty {
                        result.append(start..<(piece.lowerBound + match.lowerBound))
                        start = piece.lowerBound + match.upperBound
                    }
                    return result + [start..<piece.upperBound]
                }
            }
            return pieces.map(bytes).filter(isLong)
        }
    }
}
