import MartletTensor

/// With new dimensions of 1 at `axes` of the result. Inputs: x, axes (int64, if not an attribute)?
package struct UnsqueezeOp: GraphOp {
    package static let name = "Unsqueeze"
    package var axes: [Int]?

    package init(axes: [Int]? = nil) { self.axes = axes }

    package var attributes: String { axes.map { "axes=\($0)" } ?? "" }
    package var aliasedInput: Int? { 0 }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard let wanted = try axes ?? operand(inputs, 1).knownIntegers, let shape = x.type.shape else {
            return [ValueType(x.type.dtype, nil)]
        }
        guard shape.count + wanted.count <= Tensor.maximumRank else {
            throw impossible(inputs, "the result has too many dimensions")
        }
        let resolved = try resolveAxes(wanted, rank: shape.count + wanted.count, inputs)
        var result = shape
        for axis in resolved { result.insert(.fixed(1), at: axis) }
        return [ValueType(x.type.dtype, result)]
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? {
        guard let x = inputs.first??.integers, inputs.first??.type.rank == 0 else { return nil }
        return x
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard let wanted = try axes ?? operand(inputs, 1, context).integerValues(limit: Tensor.maximumRank),
            x.rank + wanted.count <= Tensor.maximumRank
        else { throw context.invalid(self, inputs, "axes are no short vector of integers") }
        var shape = x.shape
        for axis in try resolveAxes(wanted, rank: x.rank + wanted.count, inputs, context) {
            shape.insert(1, at: axis)
        }
        return [x.reshaped(shape)]
    }
}
