/// Which rows run together, and in which order: decided by lengths alone.
package struct BatchPlan: Sendable {
    /// Each batch holds indexes of work items; every item is in exactly one batch.
    package let batches: [[Int]]

    /// Orders items from long to short and cuts them into batches.
    ///
    /// Long first keeps the last batches, which decide how long a thread waits for the others, short.
    /// - Parameters:
    ///   - lengths: tokens of each item; 1 for items that are not text.
    ///   - threads: workers that share the batches; under `auto` there are at least that many batches, and the last ones are smaller and
    ///     smaller, so that no thread waits long for another's last.
    ///   - equalLengths: batches never mix lengths (for graphs that can only be run on rectangles).
    package init(lengths: [Int], policy: BatchPolicy, threads: Int, equalLengths: Bool) {
        let order = Self.longestFirst(lengths)
        let total = lengths.reduce(0, +)
        var left = total
        let rowLimit: Int
        var tokenLimit: Int
        (rowLimit, tokenLimit) =
            switch policy {
            case .rows(let rows): (max(1, rows), .max)
            case .tokens(let tokens): (.max, max(1, tokens))
            case .auto: (.max, min(BatchPolicy.autoTokens, max(1, (total + threads - 1) / max(1, threads))))
            }
        let shrinks = policy == .auto && threads > 1 && !equalLengths
        var batches: [[Int]] = []
        var current: [Int] = []
        var tokens = 0
        for item in order {
            let length = lengths[item]
            let isFull = current.count >= rowLimit || tokens + length > tokenLimit
            let breaksLength = equalLengths && current.last.map { lengths[$0] != length } ?? false
            if !current.isEmpty, isFull || breaksLength {
                batches.append(current)
                current = []
                tokens = 0
            }
            if current.isEmpty, shrinks {
                tokenLimit = min(tokenLimit, max(BatchPolicy.leastTokens, left / (2 * threads)))
            }
            current.append(item)
            tokens += length
            left -= length
        }
        if !current.isEmpty { batches.append(current) }
        self.batches = batches
    }

    /// Items by falling length, equal ones in input order. Counting sort: O(items + longest).
    private static func longestFirst(_ lengths: [Int]) -> [Int] {
        guard let longest = lengths.max() else { return [] }
        guard longest <= 1 << 20 else {
            return lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
        }
        var starts = [Int](repeating: 0, count: longest + 2)
        for length in lengths { starts[longest - length + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        var order = [Int](repeating: 0, count: lengths.count)
        for (item, length) in lengths.enumerated() {
            order[starts[longest - length]] = item
            starts[longest - length] += 1
        }
        return order
    }
}
