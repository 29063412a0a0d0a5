import MartletTensor

/// numpy's matmul: matrices in the last two axes, the others broadcast; a vector counts as a matrix of one row (x) or one
/// column (y). Inputs: x, y.
package struct MatMulOp: GraphOp {
    package static let name = "MatMul"

    package init() {}

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let y = try operand(inputs, 1)
        let dtype = try requireSameDType(inputs, [x, y])
        guard dtype != .bool else { throw impossible(inputs, "does not take bool") }
        guard let a = x.type.shape, let b = y.type.shape else { return [ValueType(dtype, nil)] }
        guard !a.isEmpty, !b.isEmpty else { throw impossible(inputs, "a scalar has no rows") }
        let inner = a[a.count - 1]
        let other = b.count == 1 ? b[0] : b[b.count - 2]
        if let n = inner.fixedValue, let m = other.fixedValue, n != m {
            throw impossible(inputs, "\(n) columns meet \(m) rows")
        }
        guard let batch = broadcastDims(a.dropLast(2), b.dropLast(2)) else {
            throw impossible(inputs, "the shapes do not go together")
        }
        return [
            ValueType(
                dtype, batch + (a.count > 1 ? [a[a.count - 2]] : []) + (b.count > 1 ? [b[b.count - 1]] : []))
        ]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        2 * (outputs.first?.reduce(1, *) ?? 0) * (inputs.first??.last ?? 0)
    }
}
