import MartletTensor

/// How often known n-grams stand in each row, float [rows, columns], or [columns] for a vector. Input: x [rows, tokens] or
/// [tokens] (int32, int64 or strings).
package struct NGramCountOp: GraphOp {
    package enum Weighting: String, CaseIterable, Sendable {
        /// The count; the weight of what stands there at all; the count times the weight.
        case count = "TF"
        case presence = "IDF"
        case weightedCount = "TFIDF"
    }

    package static let name = "NGramCount"
    package var weighting: Weighting
    package var lengths: ClosedRange<Int>
    /// Tokens of an n-gram are 1, 2, … this many places and one apart, the same distance all through.
    package var maxSkip: Int
    package var table: NGramTable

    package init(_ weighting: Weighting, lengths: ClosedRange<Int>, maxSkip: Int, table: NGramTable) {
        self.weighting = weighting
        self.lengths = lengths
        self.maxSkip = maxSkip
        self.table = table
    }

    package var attributes: String {
        "\(weighting.rawValue) n=\(lengths) skip=\(maxSkip) to \(table.columnCount) columns"
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard table.takes(x.type.dtype) else {
            throw impossible(inputs, "knows n-grams of \(table.dtype.name), not of \(x.type.dtype.name)")
        }
        guard let shape = x.type.shape else { return [ValueType(.float32, nil)] }
        guard shape.count == 1 || shape.count == 2 else { throw impossible(inputs, "wants x of rank 1 or 2") }
        return [ValueType(.float32, shape.dropLast() + [.fixed(table.columnCount)])]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard x.rank == 1 || x.rank == 2, table.takes(x.dtype) else {
            throw context.invalid(self, inputs, "wants x of rank 1 or 2 and the type of its n-grams")
        }
        let result = try context.output(0, .float32, x.shape.dropLast() + [table.columnCount])
        ScalarValue(Float(0)).fill(result)
        let width = x.shape[x.rank - 1]
        let ids = try table.ids(of: x)
        context.parallelRows(width == 0 ? 0 : x.count / width, work: width * lengths.upperBound * 8) { rows in
            for row in rows {
                let tokens = ids[(row * width)..<((row + 1) * width)]
                count(tokens, result.mutableFloats + row * table.columnCount)
            }
        }
        return [result]
    }

    private func count(_ tokens: ArraySlice<Int32>, _ counts: UnsafeMutablePointer<Float>) {
        for distance in 1...(min(maxSkip, tokens.count) + 1) {
            for start in tokens.indices where tokens[start] >= 0 {
                var node = NGramTable.root
                var place = start
                var length = 1
                while length <= lengths.upperBound, place < tokens.endIndex, tokens[place] >= 0,
                    let next = table.child(of: node, tokens[place])
                {
                    // Single tokens are the same at any distance.
                    if length >= lengths.lowerBound, length > 1 || distance == 1, let column = table.column(of: next) {
                        counts[column] += 1
                    }
                    node = next
                    place += distance
                    length += 1
                }
            }
        }
        guard weighting != .count else { return }
        for column in 0..<table.columnCount where counts[column] > 0 {
            let weight = table.weights.isEmpty ? 1 : table.weights[column]
            counts[column] = weighting == .presence ? weight : counts[column] * weight
        }
    }
}
