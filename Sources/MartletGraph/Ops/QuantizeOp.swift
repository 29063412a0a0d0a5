import MartletKernels
import MartletTensor

/// saturate(round(x⁄scale) + zero), ties to even. Inputs: x (float32), scale (float32 scalar), zero? (scalar of the result's
/// type, int8 or uint8).
package struct QuantizeOp: GraphOp {
    package static let name = "Quantize"
    package var dtype: DType

    package init(_ dtype: DType) { self.dtype = dtype }

    package var attributes: String { "to=\(dtype.name)" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let scale = try operand(inputs, 1)
        let zero = optional(inputs, 2) ?? nil
        guard dtype.isByte, zero?.type.dtype ?? dtype == dtype else {
            throw impossible(inputs, "it makes int8 and uint8, with a zero point of the same type")
        }
        guard x.type.dtype == .float32, scale.type.dtype == .float32 else {
            throw impossible(inputs, "the input and its scale are no floats")
        }
        for parameter in [scale, zero].compactMap({ $0 }) {
            if let count = parameter.type.fixedCount, count != 1 {
                throw impossible(inputs, "a parameter is no scalar")
            }
        }
        return [ValueType(dtype, x.type.shape)]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let scale = try operand(inputs, 1, context)
        let zero = optional(inputs, 2) ?? nil
        guard dtype.isByte, x.dtype == .float32, scale.dtype == .float32, scale.count == 1,
            zero.map({ $0.dtype == dtype && $0.count == 1 }) ?? true
        else { throw context.invalid(self, inputs, "the parameters are no scalars of the right types") }
        let result = try context.output(0, dtype, x.shape)
        let factor = scale.values(Float.self)[0]
        let point = try zero?.converted(to: .int32).values(Int32.self)[0] ?? 0
        Self.quantize(x, into: result, factor, point, context)
        return [result]
    }

    static func quantize(_ x: Tensor, into y: Tensor, _ scale: Float, _ zero: Int32, _ context: RunContext) {
        // In blocks of the cache's size.
        let block = 4096
        let count = x.count
        let (from, to, type) = (x.floats, y.pointer, y.dtype.element)
        context.parallelRows((count + block - 1) / block, work: block) { range in
            let start = range.lowerBound * block
            Kernels.quantize(
                from + start, into: to + start, type: type, scale: scale, zero: zero,
                count: min(range.upperBound * block, count) - start)
        }
    }
}
