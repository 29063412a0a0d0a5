import MartletKernels
import MartletTensor

/// Place of the largest or smallest element along an axis, int64; the first among equals, or the last. Input: x.
package struct ArgReduceOp: GraphOp {
    package enum Kind: String, Sendable { case max, min }

    package static let name = "ArgReduce"
    package var kind: Kind
    package var axis: Int
    package var keepDims: Bool
    package var selectLast: Bool

    package init(_ kind: Kind, axis: Int = 0, keepDims: Bool = true, selectLast: Bool = false) {
        self.kind = kind
        self.axis = axis
        self.keepDims = keepDims
        self.selectLast = selectLast
    }

    package var attributes: String { "\(kind.rawValue) axis=\(axis)\(keepDims ? "" : " keepdims=0")" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard let shape = x.type.shape else { return [ValueType(.int64, nil)] }
        let at = try resolveAxis(axis, rank: shape.count, inputs)
        guard shape[at] != .fixed(0) else { throw impossible(inputs, "there is no element along axis \(axis)") }
        return [ValueType(.int64, ReduceOp.reduce(shape, [at], keepDims: keepDims, one: .fixed(1)))]
    }

    /// uint64 as int64 in the same order: zero becomes the least number.
    private func ordered(_ x: Tensor) -> Tensor {
        Tensor(x.values(UInt64.self).map { Int64(bitPattern: $0 ^ 1 << 63) }, shape: x.shape)
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { inputs.first??.reduce(1, *) ?? 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        var x = try operand(inputs, 0, context)
        let at = try resolveAxis(axis, rank: x.rank, inputs, context)
        guard x.shape[at] > 0 else { throw context.invalid(self, inputs, "there is no element along axis \(axis)") }
        if ![.float32, .float64, .int32, .int64].contains(x.dtype) {
            x = x.dtype == .uint64 ? ordered(x) : try x.converted(to: .int64)
        }
        let result = try context.output(0, .int64, ReduceOp.reduce(x.shape, [at], keepDims: keepDims, one: 1))
        _ = Kernels.argExtreme(
            smallest: kind == .min, last: selectLast, type: x.dtype.element, x.pointer,
            into: result.pointer.assumingMemoryBound(to: Int64.self), outer: x.shape[..<at].reduce(1, *),
            n: x.shape[at], inner: x.shape[(at + 1)...].reduce(1, *))
        return [result]
    }
}
