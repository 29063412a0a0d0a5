import MartletTensor

/// Axes in another order: output axis i is input axis `permutation[i]`; nil reverses them. Input: x.
package struct TransposeOp: GraphOp {
    package static let name = "Transpose"
    package var permutation: [Int]?

    package init(_ permutation: [Int]? = nil) { self.permutation = permutation }

    package var attributes: String { permutation.map { "perm=\($0)" } ?? "" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard let shape = x.type.shape else {
            return [ValueType(x.type.dtype, permutation.map { [Dim](repeating: .unknown, count: $0.count) })]
        }
        let order = permutation ?? Array((0..<shape.count).reversed())
        guard order.sorted() == Array(0..<shape.count) else {
            throw impossible(inputs, "perm \(order) is no order of \(shape.count) axes")
        }
        return [ValueType(x.type.dtype, order.map { shape[$0] })]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let order = permutation ?? Array((0..<x.rank).reversed())
        guard order.sorted() == Array(0..<x.rank) else {
            throw context.invalid(self, inputs, "perm \(order) is no order of \(x.rank) axes")
        }
        let strides = rowMajorStrides(x.shape)
        let result = try context.output(0, x.dtype, order.map { x.shape[$0] })
        copyStrided(from: x, at: 0, strides: order.map { strides[$0] }, to: result)
        return [result]
    }
}
