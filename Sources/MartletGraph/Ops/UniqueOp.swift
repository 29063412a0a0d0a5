import MartletTensor

/// The different elements of x, or slices along an axis, each once: in rising order or in the order of first occurrence.
/// NaNs count as one and come last. Input: x.
///
/// Outputs: the elements (a vector, or x's shape but for the axis); for each of them the place of its first occurrence; for
/// each element of x the place of its like among them; how often each occurs. The last three are int64 vectors.
package struct UniqueOp: GraphOp {
    package static let name = "Unique"
    package var axis: Int?
    package var isSorted: Bool

    package init(axis: Int? = nil, isSorted: Bool = true) {
        self.axis = axis
        self.isSorted = isSorted
    }

    package var attributes: String { (axis.map { "axis=\($0)" } ?? "") + (isSorted ? "" : " unsorted") }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        var shape: [Dim]? = [.unknown]
        var length: Dim = .unknown
        if let axis {
            shape = x.type.shape
            if let rank = shape?.count {
                let at = try resolveAxis(axis, rank: rank, inputs)
                length = shape?[at] ?? .unknown
                shape?[at] = .unknown
            }
        } else if let dims = x.type.shape {
            length = Dim.product(dims)
        }
        let vector = ValueType(.int64, [.unknown])
        return [ValueType(x.type.dtype, shape), vector, ValueType(.int64, [length]), vector]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let at = try axis.map { try resolveAxis($0, rank: x.rank, inputs, context) }
        let outer = at.map { x.shape[..<$0].reduce(1, *) } ?? 1
        let count = at.map { x.shape[$0] } ?? x.count
        let inner = at.map { x.shape[($0 + 1)...].reduce(1, *) } ?? 1
        // Each slice as one row, in a type that is ordered as the elements are.
        let rows = try Tensor(x.dtype, shape: [count, outer, inner])
        copyStrided(from: x, at: 0, strides: [inner, count * inner, 1], to: rows)
        let width = outer * inner
        let groups: Groups
        switch x.dtype {
        case .float16, .bfloat16:
            groups = Grouping(rows: try rows.converted(to: .float32), count: count, width: width).visit(Float.self)
        case .string:
            let ranks = try Self.ranks(of: rows)
            groups = Grouping(rows: ranks, count: count, width: width).visit(Int64.self)
        case .bool: groups = Grouping(rows: rows, count: count, width: width).visit(UInt8.self)
        default:
            guard let found = try visitNumber(x.dtype, Grouping(rows: rows, count: count, width: width)) else {
                throw context.invalid(self, inputs, "cannot order \(x.dtype.name)")
            }
            groups = found
        }
        return try results(groups, rows, x, at, outer, inner, context)
    }

    /// For each string a number: equal and ordered as the strings' bytes are.
    private static func ranks(of x: Tensor) throws -> Tensor {
        let result = try Tensor(.int64, shape: x.shape)
        let to = result.mutableElements(Int64.self)
        let handles = x.elements(StringElement.self)
        let order = handles.indices.sorted { handles[$0].utf8.lexicographicallyPrecedes(handles[$1].utf8) }
        var rank: Int64 = 0
        for (place, index) in order.enumerated() {
            if place > 0, !StringElement.isEqual(handles[order[place - 1]], handles[index]) { rank += 1 }
            to[index] = rank
        }
        return result
    }

    private func results(
        _ groups: Groups, _ rows: Tensor, _ x: Tensor, _ at: Int?, _ outer: Int, _ inner: Int, _ context: RunContext
    ) throws -> [Tensor] {
        var order = Array(groups.firsts.indices)
        if !isSorted { order.sort { groups.firsts[$0] < groups.firsts[$1] } }
        var rank = [Int](repeating: 0, count: order.count)
        for (place, group) in order.enumerated() { rank[group] = place }

        var shape = [order.count]
        if let at {
            shape = x.shape
            shape[at] = order.count
        }
        let unique = try context.output(0, x.dtype, shape)
        let block = inner * x.dtype.size
        if block > 0 {
            for lead in 0..<outer {
                for (place, group) in order.enumerated() {
                    (unique.pointer + (lead * order.count + place) * block).copyMemory(
                        from: rows.pointer + (groups.firsts[group] * outer + lead) * block, byteCount: block)
                }
            }
        }
        let firsts = try context.output(1, .int64, [order.count])
        let inverse = try context.output(2, .int64, [groups.members.count])
        let counts = try context.output(3, .int64, [order.count])
        let (a, b, c) = (
            firsts.mutableElements(Int64.self), inverse.mutableElements(Int64.self), counts.mutableElements(Int64.self)
        )
        for (place, group) in order.enumerated() {
            a[place] = Int64(groups.firsts[group])
            c[place] = 0
        }
        for (place, group) in groups.members.enumerated() {
            b[place] = Int64(rank[group])
            c[rank[group]] += 1
        }
        return [unique, firsts, inverse, counts]
    }

    /// Equal rows as groups, in rising order.
    private struct Groups {
        /// The first row of each group.
        var firsts: [Int] = []
        /// The group of each row.
        var members: [Int]
    }

    private struct Grouping: NumberVisitor {
        let rows: Tensor
        let count: Int
        let width: Int

        func visit<T: ElementArithmetic>(_ type: T.Type) -> Groups {
            let from = UnsafePointer(rows.pointer.assumingMemoryBound(to: T.self))
            let width = width
            /// -1, 0 or 1 as row a stands before, with or after row b.
            func compare(_ a: Int, _ b: Int) -> Int {
                for place in 0..<width {
                    let (x, y) = (from[a * width + place], from[b * width + place])
                    if x == y { continue }
                    if x < y { return -1 }
                    if y < x { return 1 }
                    // One of them, or both, are no number.
                    if x == x { return -1 }
                    if y == y { return 1 }
                }
                return 0
            }
            let order = (0..<count).sorted { a, b in
                let sign = compare(a, b)
                return sign == 0 ? a < b : sign < 0
            }
            var groups = Groups(members: [Int](repeating: 0, count: count))
            for (place, row) in order.enumerated() {
                if place == 0 || compare(order[place - 1], row) != 0 { groups.firsts.append(row) }
                groups.members[row] = groups.firsts.count - 1
            }
            return groups
        }
    }
}
