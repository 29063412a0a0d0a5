import MartletKernels
import MartletTensor

/// Conversion to another dtype. Input: x. Float to integer truncates and saturates, NaN becomes 0; integers keep their low
/// bits; anything but zero is true. Floats of 8 bits saturate and E8M0 rounds up unless `rounding` says otherwise.
package struct CastOp: GraphOp {
    package typealias Rounding = SmallFloatRounding

    package static let name = "Cast"
    package var dtype: DType
    package var rounding: Rounding

    package init(_ dtype: DType, rounding: Rounding = Rounding()) {
        self.dtype = dtype
        self.rounding = rounding
    }

    package var attributes: String {
        "to=\(dtype.name)" + (rounding.saturates ? "" : " overflows")
            + (rounding.direction == .up ? "" : " round=\(rounding.direction)")
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        [ValueType(dtype, try operand(inputs, 0).type.shape)]
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? {
        guard let values = inputs.first??.integers else { return nil }
        switch dtype {
        case .int64, .int32: return values
        case .bool:
            return values.map { dim in dim.fixedValue.map { .fixed($0 == 0 ? 0 : 1) } ?? .unknown }
        default: return nil
        }
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        if x.dtype == .string || dtype == .string { return [try runStrings(x, inputs, context)] }
        let result = try context.output(0, dtype, x.shape)
        x.convert(into: result, rounding: rounding)
        return [result]
    }
}
