import MartletTensor

/// 1 at the first largest element along an axis, 0 elsewhere. Input: x (floats).
package struct HardmaxOp: GraphOp {
    package static let name = "Hardmax"
    package var axis: Int

    package init(axis: Int = -1) { self.axis = axis }

    package var attributes: String { "axis=\(axis)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        try requireFloat(inputs, x)
        if let rank = x.type.rank { _ = try resolveAxis(axis, rank: rank, inputs) }
        return [x.type]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let at = try resolveAxis(axis, rank: x.rank, inputs, context)
        let result = try context.output(0, x.dtype, x.shape)
        guard x.count > 0 else { return [result] }
        let places = try ArgReduceOp(.max, axis: at, keepDims: true).run([x], RunContext(pool: context.pool))[0]
        let ones = try Tensor(.float32, shape: x.shape)
        ScalarValue(Float(0)).fill(ones)
        let (length, inner) = (x.shape[at], x.shape[(at + 1)...].reduce(1, *))
        for (row, place) in places.elements(Int64.self).enumerated() {
            ones.mutableFloats[(row / inner * length + Int(place)) * inner + row % inner] = 1
        }
        ones.convert(into: result)
        return [result]
    }
}
