import MartletTensor

/// Strings without stop words, in one case. Input: x [C] or [1, C] (strings). Result: what is left, in x's rank; one empty
/// string if nothing is.
package struct StringNormalizeOp: GraphOp {
    package enum Case: String, CaseIterable, Sendable { case lower, upper, unchanged }

    package static let name = "StringNormalize"
    package var letterCase: Case
    package var isCaseSensitive: Bool
    package var stopWords: [String]

    package init(_ letterCase: Case, stopWords: [String] = [], isCaseSensitive: Bool = false) {
        self.letterCase = letterCase
        self.stopWords = stopWords
        self.isCaseSensitive = isCaseSensitive
    }

    package var attributes: String { "\(letterCase.rawValue) without \(stopWords.count) words" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard x.type.dtype == .string else { throw impossible(inputs, "takes strings only") }
        guard let shape = x.type.shape else { return [ValueType(.string, nil)] }
        guard shape.count == 1 || shape.count == 2 && shape[0].fixedValue ?? 1 == 1 else {
            throw impossible(inputs, "wants x [C] or [1, C]")
        }
        let count = stopWords.isEmpty ? shape[shape.count - 1] : .unknown
        return [ValueType(.string, shape.count == 1 ? [count] : [.fixed(1), count])]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard x.dtype == .string, x.rank == 1 || x.rank == 2 && x.shape[0] == 1 else {
            throw context.invalid(self, inputs, "wants strings [C] or [1, C]")
        }
        let words = Set(isCaseSensitive ? stopWords : stopWords.map { $0.lowercased() })
        var texts = x.strings.filter { !words.contains(isCaseSensitive ? $0 : $0.lowercased()) }
        switch letterCase {
        case .lower: texts = texts.map { $0.lowercased() }
        case .upper: texts = texts.map { $0.uppercased() }
        case .unchanged: break
        }
        if texts.isEmpty, x.count > 0 { texts = [""] }
        return [Tensor(strings: texts, shape: x.rank == 1 ? [texts.count] : [1, texts.count])]
    }
}
