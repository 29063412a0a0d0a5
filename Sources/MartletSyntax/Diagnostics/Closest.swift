/// The candidate that was probably meant by a misspelt name, or nil when none is close: at most one edit (insertion,
/// deletion, substitution, swap of neighbours; letter case does not count) up to 4 characters, two up to 8, three beyond,
/// and always fewer than half of the name. Of equally close ones the first in order wins.
/// O(candidates × length²); names of more than 64 characters have no closest one.
package func closest(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
        let scalars = Array(candidate.lowercased().unicodeScalars)
        let length = max(wanted.count, scalars.count)
        let limit = length <= 4 ? 1 : length <= 8 ? 2 : 3
        guard abs(scalars.count - wanted.count) <= limit else { continue }
        let distance = editDistance(wanted, scalars)
        guard distance <= limit, distance * 2 < length || distance == 0 else { continue }
        if let found = best, found.distance <= distance { continue }
        best = (candidate, distance)
    }
    return best?.candidate
}

/// Damerau–Levenshtein distance in its restricted form (optimal string alignment: no part is edited twice).
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforePrevious = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    var current = previous
    for row in left.indices {
        current[0] = row + 1
        for column in right.indices {
            let substitution = previous[column] + (left[row] == right[column] ? 0 : 1)
            var distance = min(substitution, previous[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                distance = min(distance, beforePrevious[column - 1] + 1)
            }
            current[column + 1] = distance
        }
        (beforePrevious, previous, current) = (previous, current, beforePrevious)
    }
    return previous[right.count]
}
