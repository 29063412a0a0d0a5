import MartletTensor

/// Tensors of one shape side by side along a new axis. Inputs: x0, x1, … .
package struct StackOp: GraphOp {
    package static let name = "Stack"
    package var axis: Int

    package init(axis: Int = 0) { self.axis = axis }

    package var attributes: String { "axis=\(axis)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let operands = try inputs.indices.map { try operand(inputs, $0) }
        let dtype = try requireSameDType(inputs, operands)
        guard var shape = operands.compactMap(\.type.shape).first else { return [ValueType(dtype, nil)] }
        for other in operands.compactMap(\.type.shape) {
            guard other.count == shape.count else { throw impossible(inputs, "the shapes differ") }
            for (position, (a, b)) in zip(shape, other).enumerated() {
                if let x = a.fixedValue, let y = b.fixedValue, x != y {
                    throw impossible(inputs, "the shapes differ")
                }
                if a.fixedValue == nil, b != .unknown { shape[position] = b }
            }
        }
        let at = try resolveAxis(axis, rank: shape.count + 1, inputs)
        shape.insert(.fixed(inputs.count), at: at)
        return [ValueType(dtype, shape)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let parts = try inputs.indices.map { try operand(inputs, $0, context) }
        guard let first = parts.first else { throw context.invalid(self, inputs, "there are no inputs") }
        let at = try resolveAxis(axis, rank: first.rank + 1, inputs, context)
        guard parts.allSatisfy({ $0.dtype == first.dtype && $0.shape == first.shape }) else {
            throw context.invalid(self, inputs, "the inputs differ in type or shape")
        }
        var shape = first.shape
        shape.insert(parts.count, at: at)
        let result = try context.output(0, first.dtype, shape)
        copySideBySide(parts, outer: shape[..<at].reduce(1, *), to: result)
        return [result]
    }
}
