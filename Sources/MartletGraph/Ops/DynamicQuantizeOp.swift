import MartletKernels
import MartletTensor

/// x in uint8 over its own range, which is widened to hold 0. Input: x (float32). Results: the numbers, their scale (float32
/// scalar: the range divided by 255, or 1 if it is empty) and their zero point (uint8 scalar).
package struct DynamicQuantizeOp: GraphOp {
    package static let name = "DynamicQuantize"

    package init() {}

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard x.type.dtype == .float32 else { throw impossible(inputs, "wants float, not \(x.type.dtype.name)") }
        return [ValueType(.uint8, x.type.shape), ValueType(.float32, []), ValueType(.uint8, [])]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard x.dtype == .float32 else { throw context.invalid(self, inputs, "wants float") }
        let y = try context.output(0, .uint8, x.shape)
        let scales = try context.output(1, .float32, [])
        let zeros = try context.output(2, .uint8, [])
        let (low, high) = Self.range(of: x, context)
        let scale = high > low ? (high - low) / 255 : 1
        let exact = (-low / scale).rounded(.toNearestOrEven)
        // NaN where the input has one.
        let zero: Int32 = exact >= 255 ? 255 : exact > 0 ? Int32(exact) : 0
        scales.mutableFloats[0] = scale
        zeros.mutableElements(UInt8.self)[0] = UInt8(zero)
        QuantizeOp.quantize(x, into: y, scale, zero, context)
        return [y, scales, zeros]
    }

    private static func range(of x: Tensor, _ context: RunContext) -> (low: Float, high: Float) {
        let block = 16_384
        let blocks = (x.count + block - 1) / block
        let extremes = Tensor(vector: [Float](repeating: 0, count: 2 * blocks))
        let (from, to, count) = (x.floats, extremes.mutableFloats, x.count)
        context.parallelRows(blocks, work: block / 4) { range in
            for index in range {
                let start = from + index * block
                let n = min(block, count - index * block)
                _ = Kernels.reduce(.min, type: .f32, start, into: to + 2 * index, outer: 1, n: n, inner: 1)
                _ = Kernels.reduce(.max, type: .f32, start, into: to + 2 * index + 1, outer: 1, n: n, inner: 1)
            }
        }
        return withExtendedLifetime(extremes) {
            (0..<blocks).reduce((low: 0, high: 0)) { (min($0.low, to[2 * $1]), max($0.high, to[2 * $1 + 1])) }
        }
    }
}
