import MartletTensor

/// Without dimensions of 1: all of them, or those at `axes`. Inputs: x, axes (int64, if not an attribute)?
package struct SqueezeOp: GraphOp {
    package static let name = "Squeeze"
    package var axes: [Int]?

    package init(axes: [Int]? = nil) { self.axes = axes }

    package var attributes: String { axes.map { "axes=\($0)" } ?? "" }
    package var aliasedInput: Int? { 0 }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard let shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        var wanted = axes
        if wanted == nil, let input = optional(inputs, 1) {
            guard let known = input.knownIntegers else { return [ValueType(x.type.dtype, nil)] }
            wanted = known
        }
        guard let wanted else {
            guard !shape.contains(where: { $0.fixedValue == nil }) else { return [ValueType(x.type.dtype, nil)] }
            return [ValueType(x.type.dtype, shape.filter { $0 != .fixed(1) })]
        }
        let resolved = Set(try wanted.map { try resolveAxis($0, rank: shape.count, inputs) })
        for axis in resolved {
            if let value = shape[axis].fixedValue, value != 1 {
                throw impossible(inputs, "axis \(axis) has \(value) elements, not 1")
            }
        }
        return [
            ValueType(x.type.dtype, shape.enumerated().filter { !resolved.contains($0.offset) }.map(\.element))
        ]
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? { inputs.first??.integers }
    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        var wanted = axes
        if wanted == nil, optional(inputs, 1) != nil {
            wanted = try operand(inputs, 1, context).integerValues(limit: Tensor.maximumRank)
            guard wanted != nil else { throw context.invalid(self, inputs, "axes are no short vector of integers") }
        }
        guard let wanted else { return [x.reshaped(x.shape.filter { $0 != 1 })] }
        let resolved = Set(try wanted.map { try resolveAxis($0, rank: x.rank, inputs, context) })
        for axis in resolved where x.shape[axis] != 1 {
            throw context.invalid(self, inputs, "axis \(axis) has \(x.shape[axis]) elements, not 1")
        }
        return [x.reshaped(x.shape.enumerated().filter { !resolved.contains($0.offset) }.map(\.element))]
    }
}
