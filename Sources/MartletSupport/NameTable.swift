/// An ordered table of named things: the heart of every open set (functions, stages, ops, formats).
///
/// Lookup is O(1) and exact; `suggestion(for:)` answers "did you mean".
package struct NameTable<Entry: Sendable>: Sendable {
    package let entries: [Entry]
    private let index: [String: Int]
    private let names: [String]

    /// `names` gives an entry's name first, then its aliases. A name may stand only once.
    package init(_ entries: [Entry], names: (Entry) -> [String]) {
        self.entries = entries
        var index: [String: Int] = [:]
        var all: [String] = []
        for (position, entry) in entries.enumerated() {
            for name in names(entry) {
                precondition(index.updateValue(position, forKey: name) == nil, "bug: `\(name)` stands twice in a table")
                all.append(name)
            }
        }
        self.index = index
        self.names = all
    }

    package subscript(name: String) -> Entry? { index[name].map { entries[$0] } }

    package func suggestion(for name: String) -> String? { closestName(to: name, among: names) }
}

/// The candidate within a third of `name`'s length in edits (one for three letters, three at most), ignoring case; nil if none
/// is close. Names of one or two letters are close to nothing but themselves.
///
/// Damerau–Levenshtein distance, optimal string alignment variant. O(length²) for each candidate.
package func closestName(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().utf8.prefix(64))
    let limit = min(3, wanted.count / 3)
    var best: (name: String, distance: Int)?
    for candidate in candidates {
        let other = Array(candidate.lowercased().utf8.prefix(64))
        guard abs(other.count - wanted.count) <= limit else { continue }
        let distance = editDistance(wanted, other)
        if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
}

private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforePrevious = [Int](repeating: 0, count: b.count + 1)
    var previous = Array(0...b.count)
    for i in 0..<a.count {
        var current = [i + 1]
        current.reserveCapacity(b.count + 1)
        for j in 0..<b.count {
            var distance = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { distance = min(distance, beforePrevious[j - 1] + 1) }
            current.append(distance)
        }
        (beforePrevious, previous) = (previous, current)
    }
    return previous[b.count]
}
