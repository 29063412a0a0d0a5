import MartletData

/// Numbers rows by their keys, in first-seen order. Nulls are equal.
struct GroupTable: Sendable {
    private(set) var count = 0
    /// Rows of the last `assign` that opened a group, in group order.
    private(set) var firstRows: [Int] = []
    private var groupOfKey: [[UInt8]: Int] = [:]

    /// The group of each row. Without keys all rows are in group 0.
    mutating func assign(_ keys: [Column], rowCount: Int) -> [Int] {
        firstRows = []
        guard !keys.isEmpty else {
            if count == 0, rowCount > 0 {
                count = 1
                firstRows = [0]
            }
            return [Int](repeating: 0, count: rowCount)
        }
        var groups: [Int] = []
        groups.reserveCapacity(rowCount)
        var bytes: [UInt8] = []
        for row in 0..<rowCount {
            bytes.removeAll(keepingCapacity: true)
            for key in keys { key.appendKey(row, to: &bytes) }
            if let group = groupOfKey[bytes] {
                groups.append(group)
            } else {
                groupOfKey[bytes] = count
                groups.append(count)
                firstRows.append(row)
                count += 1
            }
        }
        return groups
    }
}
