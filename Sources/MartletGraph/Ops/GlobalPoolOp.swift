import MartletKernels
import MartletTensor

/// The largest or mean element of each channel; spatial dimensions become 1. Input: x [batch, channels, …].
package struct GlobalPoolOp: GraphOp {
    package static let name = "GlobalPool"
    package var kind: PoolOp.Kind

    package init(_ kind: PoolOp.Kind) { self.kind = kind }

    package var attributes: String { kind.rawValue }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        try requireFloat(inputs, x)
        guard let shape = x.type.shape else { return [ValueType(x.type.dtype, nil)] }
        guard shape.count >= 2 else { throw impossible(inputs, "wants [batch, channels, …]") }
        return [
            ValueType(x.type.dtype, Array(shape[..<2]) + [Dim](repeating: .fixed(1), count: shape.count - 2))
        ]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { inputs.first??.reduce(1, *) ?? 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        guard x.rank >= 2, x.dtype == .float32 || x.dtype == .float64 else {
            throw context.invalid(self, inputs, "wants floats [batch, channels, …]")
        }
        let result = try context.output(
            0, x.dtype, Array(x.shape[..<2]) + [Int](repeating: 1, count: x.rank - 2))
        _ = Kernels.reduce(
            kind == .max ? .max : .mean, type: x.dtype.element, x.pointer, into: result.pointer, outer: result.count,
            n: x.shape[2...].reduce(1, *), inner: 1)
        return [result]
    }
}
