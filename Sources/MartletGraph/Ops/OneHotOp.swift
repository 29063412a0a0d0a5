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
}
