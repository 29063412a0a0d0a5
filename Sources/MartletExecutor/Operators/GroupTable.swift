import MartletData

/// Numbers rows by their keys, in first-seen order. Nulls are equal.
///
/// Of several keys each has its own numbers; pairs of numbers are numbered in turn, the first two keys', then those with the
/// third's, and so on.
struct GroupTable: Sendable {
    private(set) var count = 0
    /// Rows of the last `assign` that opened a group, in group order.
    private(set) var firstRows: [Int] = []
    private var keys: [KeyIndex] = []
    private var pairs: [KeyIndex] = []

    /// The group of each row. Without keys all rows are in group 0. Calls have the same number of keys.
    mutating func assign(_ columns: [Column], rowCount: Int) -> [Int] {
        guard !columns.isEmpty else {
            firstRows = count == 0 && rowCount > 0 ? [0] : []
            if rowCount > 0 { count = 1 }
            return [Int](repeating: 0, count: rowCount)
        }
        if keys.isEmpty {
            keys = columns.map { _ in KeyIndex() }
            pairs = columns.dropFirst().map { _ in KeyIndex() }
        }
        var numbers = keys[0].assign(columns[0])
        for position in columns.indices.dropFirst() {
            numbers = pairs[position - 1].assign(pairs: numbers, keys[position].assign(columns[position]))
        }
        let last = pairs.last ?? keys[0]
        count = last.count
        firstRows = last.firstRows
        return numbers
    }

    /// The group of each row, -1 for keys that are not here.
    func find(_ columns: [Column], rowCount: Int) -> [Int] {
        guard !columns.isEmpty else { return [Int](repeating: count - 1, count: rowCount) }
        guard !keys.isEmpty else { return [Int](repeating: -1, count: rowCount) }
        var numbers = keys[0].find(columns[0])
        for position in columns.indices.dropFirst() {
            numbers = pairs[position - 1].find(pairs: numbers, keys[position].find(columns[position]))
        }
        return numbers
    }

    /// Bytes in memory, about.
    var byteCount: Int { keys.reduce(0) { $0 + $1.byteCount } + pairs.reduce(0) { $0 + $1.byteCount } }
}
