import MartletTensor

/// N-grams and the columns that count them, as a tree of tokens. Immutable.
package final class NGramTable: Hashable, Sendable {
    /// Tokens are strings or int64.
    package let dtype: DType
    package let columnCount: Int
    /// One for each column; none: all 1.
    package let weights: [Float]
    static let root: Int32 = 0

    private struct Edge: Hashable {
        var node: Int32
        var token: Int32
    }

    private let strings: [[UInt8]: Int32]
    private let integers: [Int64: Int32]
    private let children: [Edge: Int32]
    /// Of each node; -1 for beginnings of n-grams that are none themselves.
    private let columns: [Int32]

    /// `tokens` is a vector of strings or int64; each n-gram a range of it and its column.
    package init(_ tokens: Tensor, _ ngrams: [(tokens: Range<Int>, column: Int)], columnCount: Int, weights: [Float]) {
        dtype = tokens.dtype
        self.columnCount = columnCount
        self.weights = weights
        var strings: [[UInt8]: Int32] = [:]
        var integers: [Int64: Int32] = [:]
        var ids: [Int32] = []
        withExtendedLifetime(tokens) {
            if tokens.dtype == .string {
                for token in tokens.elements(StringElement.self) {
                    let fresh = Int32(strings.count)
                    ids.append(strings[Array(token.utf8)] ?? fresh)
                    strings[Array(token.utf8)] = ids[ids.count - 1]
                }
            } else {
                for token in tokens.elements(Int64.self) {
                    let fresh = Int32(integers.count)
                    ids.append(integers[token] ?? fresh)
                    integers[token] = ids[ids.count - 1]
                }
            }
        }
        var children: [Edge: Int32] = [:]
        var columns: [Int32] = [-1]
        for ngram in ngrams {
            var node = Self.root
            for id in ids[ngram.tokens] {
                let edge = Edge(node: node, token: id)
                if let next = children[edge] {
                    node = next
                } else {
                    node = Int32(columns.count)
                    children[edge] = node
                    columns.append(-1)
                }
            }
            columns[Int(node)] = Int32(ngram.column)
        }
        self.strings = strings
        self.integers = integers
        self.children = children
        self.columns = columns
    }

    func takes(_ other: DType) -> Bool { other == dtype || dtype == .int64 && other == .int32 }

    func child(of node: Int32, _ token: Int32) -> Int32? { children[Edge(node: node, token: token)] }

    func column(of node: Int32) -> Int? { columns[Int(node)] < 0 ? nil : Int(columns[Int(node)]) }

    /// The number of each token, -1 for those of no n-gram.
    func ids(of x: Tensor) throws -> [Int32] {
        try withExtendedLifetime(x) {
            if dtype == .string { return x.elements(StringElement.self).map { strings[Array($0.utf8)] ?? -1 } }
            let wide = try x.converted(to: .int64)
            return wide.values(Int64.self).map { integers[$0] ?? -1 }
        }
    }

    package static func == (a: NGramTable, b: NGramTable) -> Bool { a === b }

    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
