import MartletGraph
import MartletTensor

extension ONNXOp {
    /// Counts of known n-grams, weighted.
    static let tfIdfVectorizer = ONNXOp(
        "TfIdfVectorizer", inputs: 1...1,
        one: { call in
            guard let least = try call.int("min_gram_length"), let most = try call.int("max_gram_length"),
                let skips = try call.int("max_skip_count"), least > 0, most >= least, skips >= 0
            else { throw call.wrong("the lengths of n-grams or `max_skip_count` are missing or wrong") }
            let weighting: NGramCountOp.Weighting = try call.choice(
                "mode", default: "TF", ["TF": .count, "IDF": .presence, "TFIDF": .weightedCount])
            let op = try NGramCountOp(
                weighting, lengths: least...most, maxSkip: skips, table: call.ngrams(lengths: least...most))
            return try call.emit(op, call.input(0))
        })
}

extension ONNXCall {
    /// The pool lists n-grams by length; `ngram_counts` says where those of each length begin, `ngram_indexes` which column
    /// counts each. Weights are those of n-grams, in the pool's order.
    fileprivate func ngrams(lengths: ClosedRange<Int>) throws -> NGramTable {
        let words = try strings("pool_strings") ?? []
        let numbers = try ints("pool_int64s") ?? []
        guard words.isEmpty != numbers.isEmpty else { throw wrong("it wants `pool_strings` or `pool_int64s`") }
        let pool =
            words.isEmpty ? Tensor(vector: numbers.map(Int64.init)) : Tensor(strings: words, shape: [words.count])
        let starts = try ints("ngram_counts") ?? []
        let columns = try ints("ngram_indexes") ?? []
        let weights = try floats("weights") ?? []
        guard let last = columns.max(), columns.allSatisfy({ $0 >= 0 && $0 < 1 << 31 }) else {
            throw wrong("`ngram_indexes` is empty, or has a number that is no column")
        }
        guard weights.isEmpty || weights.count == columns.count else {
            throw wrong("it has \(weights.count) weights for \(columns.count) n-grams")
        }
        var ngrams: [(tokens: Range<Int>, column: Int)] = []
        var index = 0
        for (place, start) in starts.enumerated() {
            let end = place + 1 < starts.count ? starts[place + 1] : pool.count
            let length = place + 1
            guard start >= 0, start <= end, end <= pool.count, (end - start).isMultiple(of: length) else {
                throw wrong("`ngram_counts` has a range that \(length)-grams of the pool do not fill")
            }
            for first in stride(from: start, to: end, by: length) {
                guard index < columns.count else {
                    throw wrong("`ngram_indexes` has \(columns.count) numbers, fewer than there are n-grams")
                }
                if lengths.contains(length) { ngrams.append((first..<(first + length), columns[index])) }
                index += 1
            }
        }
        var byColumn = [Float](repeating: 1, count: weights.isEmpty ? 0 : last + 1)
        for (column, weight) in zip(columns, weights) { byColumn[column] = weight }
        return NGramTable(pool, ngrams, columnCount: last + 1, weights: byColumn)
    }
}
