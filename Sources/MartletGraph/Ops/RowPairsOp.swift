import MartletKernels
import MartletTensor

/// Dot product, cosine similarity (0 for a zero vector) or Euclidean distance of vectors in the last axis, with broadcasting
/// of the other axes. Inputs: x, y (floats).
package struct RowPairsOp: GraphOp {
    package enum Kind: String, CaseIterable, Sendable { case dot, cosine, l2 }

    package static let name = "RowPairs"
    package var kind: Kind

    package init(_ kind: Kind) { self.kind = kind }

    package var attributes: String { kind.rawValue }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let y = try operand(inputs, 1)
        let dtype = try requireSameDType(inputs, [x, y])
        try requireFloat(inputs, x)
        guard let a = x.type.shape, let b = y.type.shape else { return [ValueType(dtype, nil)] }
        guard let last = a.last, let other = b.last else { throw impossible(inputs, "wants vectors, not scalars") }
        if let n = last.fixedValue, let m = other.fixedValue, n != m {
            throw impossible(inputs, "the vectors have \(n) and \(m) elements")
        }
        guard let outer = broadcastDims(a.dropLast(), b.dropLast()) else {
            throw impossible(inputs, "the shapes do not go together")
        }
        return [ValueType(dtype, outer)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        2 * (outputs.first?.reduce(1, *) ?? 0) * (inputs.first??.last ?? 0)
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        let y = try operand(inputs, 1, context)
        if x.dtype == .float64, y.dtype == .float64 { return try runNarrowed(inputs, context) }
        guard x.dtype == .float32, y.dtype == .float32, let columns = x.shape.last, y.shape.last == columns,
            let shape = broadcastShape([x.shape.dropLast(), y.shape.dropLast()])
        else { throw context.invalid(self, inputs, "wants float vectors of one length") }
        let result = try context.output(0, .float32, shape)
        let pair: Kernels.Pair =
            switch kind {
            case .dot: .dot
            case .cosine: .cosine
            case .l2: .l2
            }
        let loop = BroadcastLoop([x.shape.dropLast(), y.shape.dropLast()], output: shape)
        loop.forEachRow { output, offsets in
            Kernels.rowPairs(
                pair, x.floats + offsets[0] * columns, aStride: loop.step(0) * columns,
                y.floats + offsets[1] * columns, bStride: loop.step(1) * columns,
                into: result.mutableFloats + output, rows: loop.rowLength, columns: columns)
        }
        return [result]
    }
}
