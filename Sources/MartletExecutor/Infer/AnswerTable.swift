import MartletTensor

/// Answers of earlier windows, so that a text which comes again is not run again. Bounded: old windows are forgotten.
struct AnswerTable {
    /// Bytes of questions and answers that are kept.
    let byteLimit: Int

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    /// Where an answer lies.
    struct Place {
        var window: Int
        /// Row of the window's answer tensors.
        var answer: Int
    }

    private struct Window {
        var items: InferItems
        /// Item that each answer belongs to.
        var askedBy: [Int]
        var answers: [Answers]
        var byteCount: Int
    }

    private var places: [RowKey: Place] = [:]
    private var windows: [Int: Window] = [:]
    private var oldest = 0
    private var next = 0
    private(set) var byteCount = 0

    /// The answer to `items[row]`, if it is still here.
    func find(_ key: RowKey, _ items: InferItems, _ row: Int) -> Place? {
        guard let place = places[key], let window = windows[place.window],
            window.items.isSame(window.askedBy[place.answer], as: items, row)
        else { return nil }
        return place
    }

    func answers(of window: Int) -> [Answers] { windows[window]?.answers ?? [] }

    /// Keeps the answers of a window. `askedBy[i]` is the item of answer `i`, `keys[i]` its key.
    mutating func add(_ items: InferItems, askedBy: [Int], keys: [RowKey], answers: [Answers]) {
        let bytes = items.byteCount + answers.reduce(0) { $0 + $1.byteCount }
        guard bytes <= byteLimit else { return }
        windows[next] = Window(items: items, askedBy: askedBy, answers: answers, byteCount: bytes)
        for (answer, key) in keys.enumerated() { places[key] = Place(window: next, answer: answer) }
        next += 1
        byteCount += bytes
        while byteCount > byteLimit, let old = windows.removeValue(forKey: oldest) {
            byteCount -= old.byteCount
            oldest += 1
        }
        if windows.count <= 1 || places.count > 4 * windows.values.reduce(0, { $0 + $1.askedBy.count }) {
            places = places.filter { windows[$0.value.window] != nil }
        }
    }
}
