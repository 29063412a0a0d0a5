import MartletTensor

/// As a matrix: the dimensions before `axis` times those from it on. Input: x.
package struct FlattenOp: GraphOp {
    package static let name = "Flatten"
    package var axis: Int

    package init(axis: Int = 1) { self.axis = axis }

    package var attributes: String { "axis=\(axis)" }
    package var aliasedInput: Int? { 0 }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard let shape = x.type.shape else { return [ValueType(x.type.dtype, [.unknown, .unknown])] }
        guard axis >= -shape.count, axis <= shape.count else {
            throw impossible(inputs, "axis \(axis) is outside a tensor of rank \(shape.count)")
        }
        let at = axis < 0 ? axis + shape.count : axis
        return [ValueType(x.type.dtype, [Dim.product(shape[..<at]), Dim.product(shape[at...])])]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard axis >= -x.rank, axis <= x.rank else {
            throw context.invalid(self, inputs, "axis \(axis) is outside a tensor of rank \(x.rank)")
        }
        let at = axis < 0 ? axis + x.rank : axis
        return [x.reshaped([x.shape[..<at].reduce(1, *), x.shape[at...].reduce(1, *)])]
    }
}
