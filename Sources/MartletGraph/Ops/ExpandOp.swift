import MartletTensor

/// x broadcast together with a shape (a target of 1 keeps x's dimension). Inputs: x, shape (int64) unless `target` is given.
package struct ExpandOp: GraphOp {
    package static let name = "Expand"
    package var target: [Dim]?

    package init(_ target: [Dim]? = nil) { self.target = target }

    package var attributes: String { target.map { "to=[\($0.map(\.description).joined(separator: ", "))]" } ?? "" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        var wanted = target
        if wanted == nil {
            let shape = try operand(inputs, 1)
            try requireInteger(inputs, shape, "the shape")
            wanted = shape.integers ?? shape.knownDims
            if wanted == nil, let rank = shape.type.fixedCount, rank <= Tensor.maximumRank {
                wanted = [Dim](repeating: .unknown, count: rank)
            }
        }
        guard let wanted, let shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        for case .fixed(let value) in wanted where value < 0 { throw impossible(inputs, "a dimension of \(value)") }
        guard let result = broadcastDims(shape, wanted) else {
            throw impossible(inputs, "the shape does not go together with \(wanted)")
        }
        return [ValueType(x.type.dtype, result)]
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? {
        guard let x = inputs.first??.integers,
            let wanted = target ?? inputs.dropFirst().first??.integers, wanted.count <= 1
        else { return nil }
        guard let count = wanted.first?.fixedValue, count <= 64 else { return wanted.isEmpty ? x : nil }
        if x.count == 1, let first = x.first { return [Dim](repeating: first, count: Swift.max(count, 0)) }
        return x.count == count || count == 1 ? x : nil
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let wanted: [Int]?
        if let target {
            wanted = context.resolve(target)
        } else {
            wanted = try operand(inputs, 1, context).integerValues(limit: Tensor.maximumRank)
        }
        guard let wanted, wanted.allSatisfy({ $0 >= 0 }) else {
            throw context.invalid(self, inputs, "the shape is not known, or negative: \(attributes)")
        }
        guard let shape = broadcastShape([x.shape, wanted]) else {
            throw context.invalid(self, inputs, "the shape does not go together with \(wanted)")
        }
        let result = try context.output(0, x.dtype, shape)
        copyBroadcast(from: x, to: result)
        return [result]
    }
}
