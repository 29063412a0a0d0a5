/// The questions of a window with duplicates taken out.
struct UniqueItems {
    /// For each item its answer: first those that are run (`asked`), then those that are `remembered`; -1 if it failed.
    private(set) var answerOfItem: [Int]
    /// The item behind each answer that must be run.
    private(set) var asked: [Int] = []
    private(set) var askedKeys: [RowKey] = []
    /// Answers from earlier windows.
    private(set) var remembered: [AnswerTable.Place] = []
    /// Items that share an answer with another one.
    private(set) var sharedCount = 0

    init(_ items: InferItems, skipping failed: Set<Int>, answered: AnswerTable, sharing: Bool) {
        let count = items.rowCount
        answerOfItem = [Int](repeating: -1, count: count)
        guard sharing else {
            for item in 0..<count where !failed.contains(item) {
                answerOfItem[item] = asked.count
                asked.append(item)
            }
            return
        }
        var firstOfKey: [RowKey: Int] = [:]
        firstOfKey.reserveCapacity(count)
        // Remembered answers are numbered after all asked ones: as -2, -3, … until their number is known.
        for item in 0..<count where !failed.contains(item) {
            let key = items.key(item)
            if let first = firstOfKey[key], items.isSame(item, as: items, first) {
                answerOfItem[item] = answerOfItem[first]
                sharedCount += 1
            } else if let place = answered.find(key, items, item) {
                remembered.append(place)
                answerOfItem[item] = -1 - remembered.count
                firstOfKey[key] = item
                sharedCount += 1
            } else {
                answerOfItem[item] = asked.count
                asked.append(item)
                askedKeys.append(key)
                firstOfKey[key] = item
            }
        }
        for item in answerOfItem.indices where answerOfItem[item] < -1 {
            answerOfItem[item] = asked.count + (-2 - answerOfItem[item])
        }
    }
}
