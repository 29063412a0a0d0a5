import MartletTensor

/// Several tensors one after the other along `axis`. Inputs: x0, x1, … of one dtype, equal but for `axis`.
package struct ConcatOp: GraphOp {
    package static let name = "Concat"
    package var axis: Int

    package init(axis: Int) { self.axis = axis }

    package var attributes: String { "axis=\(axis)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let operands = try inputs.indices.map { try operand(inputs, $0) }
        let dtype = try requireSameDType(inputs, operands)
        guard var result = operands.compactMap(\.type.shape).first else { return [ValueType(dtype, nil)] }
        let at = try resolveAxis(axis, rank: result.count, inputs)
        var total: Dim = .fixed(0)
        for operand in operands {
            guard let shape = operand.type.shape else {
                total = .unknown
                continue
            }
            guard shape.count == result.count else { throw impossible(inputs, "the ranks differ") }
            for position in shape.indices where position != at {
                if let a = shape[position].fixedValue, let b = result[position].fixedValue, a != b {
                    throw impossible(inputs, "the shapes differ at dimension \(position)")
                }
                if result[position].fixedValue == nil, shape[position] != .unknown,
                    result[position] == .unknown || shape[position].fixedValue != nil
                {
                    result[position] = shape[position]
                }
            }
            total = total + shape[at]
        }
        result[at] = total
        return [ValueType(dtype, result)]
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? {
        var result: [Dim] = []
        for input in inputs {
            guard let input, input.type.rank == 1 else { return nil }
            if let integers = input.integers {
                result += integers
            } else if let count = input.type.fixedShape?[0], count <= 64 {
                result += [Dim](repeating: .unknown, count: count)
            } else {
                return nil
            }
        }
        return result.count <= 64 && inputs.contains { $0?.integers != nil } ? result : nil
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let parts = try inputs.indices.map { try operand(inputs, $0, context) }
        guard let first = parts.first else { throw context.invalid(self, inputs, "there are no inputs") }
        let at = try resolveAxis(axis, rank: first.rank, inputs, context)
        var shape = first.shape
        shape[at] = 0
        for part in parts {
            guard part.dtype == first.dtype, part.rank == first.rank,
                part.shape.indices.allSatisfy({ $0 == at || part.shape[$0] == first.shape[$0] })
            else { throw context.invalid(self, inputs, "the inputs differ in more than axis \(axis)") }
            shape[at] += part.shape[at]
        }
        let result = try context.output(0, first.dtype, shape)
        copySideBySide(parts, outer: shape[..<at].reduce(1, *), to: result)
        return [result]
    }
}
