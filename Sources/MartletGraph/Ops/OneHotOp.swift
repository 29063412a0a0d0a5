import MartletTensor

/// `on` at the index along a new axis of `depth`, else `off`. Inputs: indices, depth (scalar), values ([off, on]).
/// Indices outside -depth ..< depth give `off` throughout.
package struct OneHotOp: GraphOp {
    package static let name = "OneHot"
    package var axis: Int

    package init(axis: Int = -1) { self.axis = axis }

    package var attributes: String { "axis=\(axis)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let indices = try operand(inputs, 0)
        let depth = try operand(inputs, 1)
        let values = try operand(inputs, 2)
        guard var shape = indices.type.shape else { return [ValueType(values.type.dtype, nil)] }
        let at = try resolveAxis(axis, rank: shape.count + 1, inputs)
        shape.insert(depth.integers?.first ?? .unknown, at: at)
        return [ValueType(values.type.dtype, shape)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let indices = try operand(inputs, 0, context).converted(to: .int64)
        let depth = try operand(inputs, 1, context).converted(to: .int64)
        let values = try operand(inputs, 2, context)
        guard depth.count == 1, values.count == 2, let length = Int(exactly: depth.elements(Int64.self)[0]),
            length >= 0,
            let off = ScalarValue(values)
        else { throw context.invalid(self, inputs, "wants a depth and two values") }
        let at = try resolveAxis(axis, rank: indices.rank + 1, inputs, context)
        var shape = indices.shape
        shape.insert(length, at: at)
        let result = try context.output(0, values.dtype, shape)
        off.fill(result)
        let inner = indices.shape[at...].reduce(1, *)
        let size = values.dtype.size
        for (position, raw) in indices.elements(Int64.self).enumerated() {
            guard let value = Int(exactly: raw), value >= -length, value < length else { continue }
            let place = (position / inner * length + (value < 0 ? value + length : value)) * inner + position % inner
            (result.pointer + place * size).copyMemory(from: values.pointer + size, byteCount: size)
        }
        return [result]
    }
}
