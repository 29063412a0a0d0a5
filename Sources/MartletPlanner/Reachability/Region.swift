import MartletData

/// The rows for which a condition is true, as alternatives: in each, some expressions have values in given sets.
///
/// Expressions that are no comparison with a constant are held to be free, so what is found to be covered is covered for
/// every row; the reverse need not hold.
struct Region {
    typealias Box = [BoundExpr: ValueSet]

    private(set) var boxes: [Box]

    /// Alternatives that are looked at; a condition with more has no region.
    static let limit = 64

    /// nil when the condition has too many alternatives.
    init?(of condition: BoundExpr) {
        guard let boxes = Self.boxes(condition, isTrue: true) else { return nil }
        self.boxes = boxes.filter { !$0.values.contains(where: \.isEmpty) }
    }

    var isEmpty: Bool { boxes.isEmpty }
    /// Whether the condition is true for every row whatever it holds.
    var isEverything: Bool { boxes.contains(where: \.isEmpty) }

    /// Whether some row may be in both.
    func meets(_ other: Region) -> Bool {
        boxes.contains { a in
            other.boxes.contains { b in
                a.allSatisfy { part, set in b[part].map { !set.intersection($0).isEmpty } ?? true }
            }
        }
    }

    /// Whether each row of this region is in one of the others.
    func isCovered(by others: [Region]) -> Bool {
        let covers = others.flatMap(\.boxes)
        return boxes.allSatisfy { Self.isCovered($0, by: covers) }
    }

    /// Covers that hold the box in all parts but one are joined in that one.
    private static func isCovered(_ box: Box, by covers: [Box]) -> Bool {
        func holds(_ cover: Box, butFor pivot: BoundExpr?) -> Bool {
            cover.allSatisfy { part, set in part == pivot || box[part].map { $0.isSubset(of: set) } ?? false }
        }
        if covers.contains(where: { holds($0, butFor: nil) }) { return true }
        return box.contains { pivot, set in
            let joined = covers.filter { holds($0, butFor: pivot) }.compactMap { $0[pivot] }
            return set.isSubset(of: joined.reduce(.nothing) { $0.union($1) })
        }
    }

    // MARK: From conditions

    private static func boxes(_ expr: BoundExpr, isTrue: Bool) -> [Box]? {
        switch expr {
        case .constant(.bool(let value), _): return value == isTrue ? [[:]] : []
        case .constant: return []
        case .and(let parts): return isTrue ? product(parts, isTrue) : sum(parts, isTrue)
        case .or(let parts): return isTrue ? sum(parts, isTrue) : product(parts, isTrue)
        case .call(let call) where call.function.name == "not" && call.arguments.count == 1:
            return boxes(call.arguments[0], isTrue: !isTrue)
        default:
            guard let atom = Atom(expr) else {
                return [[expr: .only(.bool(isTrue))]]
            }
            return [[atom.subject: isTrue ? atom.whenTrue : atom.whenFalse]]
        }
    }

    private static func sum(_ parts: [BoundExpr], _ isTrue: Bool) -> [Box]? {
        var result: [Box] = []
        for part in parts {
            guard let more = boxes(part, isTrue: isTrue), result.count + more.count <= limit else { return nil }
            result += more
        }
        return result
    }

    private static func product(_ parts: [BoundExpr], _ isTrue: Bool) -> [Box]? {
        var result: [Box] = [[:]]
        for part in parts {
            guard let more = boxes(part, isTrue: isTrue), result.count * more.count <= limit else { return nil }
            result = result.flatMap { a in more.map { b in a.merging(b) { $0.intersection($1) } } }
        }
        return result
    }
}
