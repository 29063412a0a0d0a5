import MartletGraph
import MartletTensor

extension ONNXOp {
    /// 1 at the place of x among the categories along a new last axis, else 0.
    static let mlOneHotEncoder = ONNXOp(
        "OneHotEncoder", domain: "ai.onnx.ml", inputs: 1...1,
        one: { call in
            var x = try call.input(0)
            let keys: Tensor
            if call.dtype(x) == .string {
                let names = try call.strings("cats_strings") ?? []
                keys = Tensor(strings: names, shape: [names.count])
            } else {
                // Numbers are compared as integers, whatever their type.
                x = try call.cast(x, to: .int64)
                keys = Tensor(vector: (try call.ints("cats_int64s") ?? []).map(Int64.init))
            }
            guard keys.count > 0 else { throw call.wrong("it has no categories of the type of its input") }
            let lookup = LookupOp(isStrict: try !call.flag("zeros", default: true))
            let places = try call.emit(lookup, x, call.constant(keys))
            let depth = call.constant(Tensor(scalar: Int64(keys.count)))
            return try call.emit(OneHotOp(axis: -1), places, depth, call.constant([0, 1]))
        })
}
