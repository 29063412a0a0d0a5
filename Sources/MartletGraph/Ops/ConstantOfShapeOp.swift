import MartletTensor

/// A tensor filled with one value. Inputs: shape (int64) unless `target` is given.
package struct ConstantOfShapeOp: GraphOp {
    package static let name = "ConstantOfShape"
    package var value: ScalarValue
    package var target: [Dim]?

    package init(_ value: ScalarValue = ScalarValue(Float(0)), target: [Dim]? = nil) {
        self.value = value
        self.target = target
    }

    package var attributes: String {
        "\(value)" + (target.map { " to=[\($0.map(\.description).joined(separator: ", "))]" } ?? "")
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        if let target { return [ValueType(value.dtype, target)] }
        let shape = try operand(inputs, 0)
        try requireInteger(inputs, shape, "the shape")
        if let known = shape.integers ?? shape.knownDims {
            for case .fixed(let value) in known where value < 0 { throw impossible(inputs, "a dimension of \(value)") }
            return [ValueType(value.dtype, known)]
        }
        let rank = shape.type.fixedCount.flatMap { $0 <= Tensor.maximumRank ? $0 : nil }
        return [ValueType(value.dtype, rank.map { [Dim](repeating: .unknown, count: $0) })]
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? {
        guard value.dtype.isInteger, let integer = value.integer,
            let wanted = target ?? inputs.first??.integers, wanted.count <= 1
        else { return nil }
        guard let dim = wanted.first else { return [.fixed(integer)] }
        guard let count = dim.fixedValue, count >= 0, count <= 64 else { return nil }
        return [Dim](repeating: .fixed(integer), count: count)
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let wanted: [Int]?
        if let target {
            wanted = context.resolve(target)
        } else {
            wanted = try operand(inputs, 0, context).integerValues(limit: Tensor.maximumRank)
        }
        guard let wanted, wanted.allSatisfy({ $0 >= 0 }) else {
            throw context.invalid(self, inputs, "the shape is not known, or negative")
        }
        let result = try context.output(0, value.dtype, wanted)
        value.fill(result)
        return [result]
    }
}
