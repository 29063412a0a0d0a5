/// A word while its symbols are merged: a linked list in an array, with a heap of the merges that may be next.
struct MergingWord {
    private struct Symbol {
        var id: Int32
        var previous: Int32
        var next: Int32
        var isLive = true
    }
    private struct Candidate {
        var rank: UInt32
        var position: Int32
        var id: Int32

        /// Lower rank first, then further left.
        func precedes(_ other: Candidate) -> Bool {
            rank != other.rank ? rank < other.rank : position < other.position
        }
    }
    private var symbols: [Symbol] = []
    private var heap: [Candidate] = []
    /// Candidates taken from the heap: each merge puts at most two on it.
    private(set) var steps = 0

    mutating func append(_ id: Int32) {
        let index = Int32(truncatingIfNeeded: symbols.count)
        if index > 0 { symbols[Int(index) - 1].next = index }
        symbols.append(Symbol(id: id, previous: index - 1, next: -1))
    }

    /// Merges until no pair has a merge. O(n log n).
    mutating func merge(_ merges: MergeTable) {
        guard symbols.count > 1 else { return }
        for index in 0..<symbols.count - 1 { push(Int32(index), merges) }
        while let top = pop() {
            steps += 1
            let position = Int(top.position)
            guard symbols[position].isLive, symbols[position].next >= 0 else { continue }
            let next = Int(symbols[position].next)
            // The pair may have changed since it was put on the heap.
            guard let merge = merges[symbols[position].id, symbols[next].id], merge.id == top.id else { continue }
            symbols[position].id = top.id
            symbols[position].next = symbols[next].next
            symbols[next].isLive = false
            if symbols[next].next >= 0 { symbols[Int(symbols[next].next)].previous = top.position }
            if symbols[position].previous >= 0 { push(symbols[position].previous, merges) }
            if symbols[position].next >= 0 { push(top.position, merges) }
        }
    }

    func appendIDs(to ids: inout [Int32]) {
        for symbol in symbols where symbol.isLive { ids.append(symbol.id) }
    }

    /// Puts the pair that begins at `position` on the heap if it has a merge.
    private mutating func push(_ position: Int32, _ merges: MergeTable) {
        let symbol = symbols[Int(position)]
        guard let merge = merges[symbol.id, symbols[Int(symbol.next)].id] else { return }
        heap.append(Candidate(rank: merge.rank, position: position, id: merge.id))
        var index = heap.count - 1
        while index > 0, heap[index].precedes(heap[(index - 1) / 2]) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func pop() -> Candidate? {
        guard let top = heap.first, let last = heap.popLast() else { return nil }
        if heap.isEmpty { return top }
        heap[0] = last
        var index = 0
        while true {
            var least = index
            for child in 2 * index + 1...2 * index + 2 where child < heap.count && heap[child].precedes(heap[least]) {
                least = child
            }
            if least == index { return top }
            heap.swapAt(index, least)
            index = least
        }
    }
}
