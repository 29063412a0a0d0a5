import MartletGraph
import MartletTensor

extension ONNXOp {
    /// Another value in the place of one that stands for none, of NaN too.
    static let mlImputer = ONNXOp(
        "Imputer", domain: "ai.onnx.ml", inputs: 1...1,
        one: { call in
            let x = try call.input(0)
            let type = call.dtype(x)
            if type.isFloat {
                guard let values = try call.numbers("imputed_value_floats"), !values.isEmpty else {
                    throw call.wrong("it has no imputed_value_floats")
                }
                let missing = try call.float("replaced_value_float", default: 0)
                let isMissing =
                    missing.isNaN
                    ? try call.emit(IsNaNOp(), x)
                    : try call.emit(CompareOp(.eq), x, call.constant(Double(missing), type))
                return try call.emit(WhereOp(), isMissing, call.constant(values, type), x)
            }
            guard let values = try call.ints("imputed_value_int64s"), !values.isEmpty else {
                throw call.wrong("it has no imputed_value_int64s")
            }
            let missing = call.constant(Tensor(scalar: Int64(try call.int("replaced_value_int64", default: 0))))
            let isMissing = try call.emit(CompareOp(.eq), x, call.cast(missing, to: type))
            return try call.emit(WhereOp(), isMissing, call.cast(call.constant(ints: values), to: type), x)
        })
}
