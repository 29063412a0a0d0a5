import MartletTensor

/// x cut into pieces along `axis`: `count` of them, equal (the last may be smaller) unless sizes are given as an attribute
/// or input. Inputs: x, sizes (int64)?. Outputs: the pieces.
package struct SplitOp: GraphOp {
    package static let name = "Split"
    package var axis: Int
    package var count: Int
    package var sizes: [Int]?

    package init(axis: Int = 0, count: Int, sizes: [Int]? = nil) {
        self.axis = axis
        self.count = count
        self.sizes = sizes
    }

    package var attributes: String { "axis=\(axis) \(sizes.map { "sizes=\($0)" } ?? "count=\(count)")" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard count > 0, count <= 65536 else { throw impossible(inputs, "cannot split into \(count) pieces") }
        guard let shape = x.type.shape else {
            return [ValueType](repeating: ValueType(x.type.dtype, nil), count: count)
        }
        let at = try resolveAxis(axis, rank: shape.count, inputs)
        let wanted = sizes ?? optional(inputs, 1)?.knownIntegers
        var lengths = [Dim](repeating: .unknown, count: count)
        if let wanted {
            lengths = try checked(wanted, total: shape[at].fixedValue, inputs).map(Dim.fixed)
        } else if optional(inputs, 1) == nil, let total = shape[at].fixedValue {
            lengths = try checked(Self.equalSizes(total, count), total: total, inputs).map(Dim.fixed)
        }
        return lengths.map { length in
            var piece = shape
            piece[at] = length
            return ValueType(x.type.dtype, piece)
        }
    }

    private func checked(_ sizes: [Int], total: Int?, _ inputs: [InputInfo?]) throws -> [Int] {
        guard sizes.count == count, sizes.allSatisfy({ $0 >= 0 && $0 <= 1 << 40 }) else {
            throw impossible(inputs, "sizes \(sizes) are not \(count) lengths")
        }
        if let total, sizes.reduce(0, +) != total {
            throw impossible(inputs, "sizes \(sizes) do not sum to \(total)")
        }
        return sizes
    }

    /// `count` pieces of the rounded-up quotient, the last ones with what is left.
    static func equalSizes(_ total: Int, _ count: Int) -> [Int] {
        let size = (total + count - 1) / count
        return (0..<count).map { max(0, min(size, total - $0 * size)) }
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? {
        guard let x = inputs.first??.integers, inputs.first??.type.rank == 1,
            let size = (sizes ?? Self.equalSizes(x.count, max(count, 1))).first, size >= 0, size <= x.count,
            inputs.count < 2
        else { return nil }
        return Array(x[..<size])
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let at = try resolveAxis(axis, rank: x.rank, inputs, context)
        var lengths = sizes
        if lengths == nil, optional(inputs, 1) != nil {
            lengths = try operand(inputs, 1, context).integerValues(limit: 65536)
        }
        let total = x.shape[at]
        let pieces = lengths ?? (count > 0 ? Self.equalSizes(total, count) : [])
        guard pieces.count == count, pieces.allSatisfy({ $0 >= 0 && $0 <= total }), pieces.reduce(0, +) == total else {
            throw context.invalid(self, inputs, "sizes \(pieces) do not sum to \(total)")
        }
        let strides = rowMajorStrides(x.shape)
        var place = 0
        var results: [Tensor] = []
        for (index, length) in pieces.enumerated() {
            var shape = x.shape
            shape[at] = length
            let piece = try context.output(index, x.dtype, shape)
            if piece.count > 0 { copyStrided(from: x, at: place * strides[at], strides: strides, to: piece) }
            results.append(piece)
            place += length
        }
        return results
    }
}
