import MartletGraph

extension ONNXOp {
    /// 1 at the first largest element along an axis, 0 elsewhere.
    static let hardmax = ONNXOp(
        "Hardmax", inputs: 1...1,
        one: { call in
            let x = try call.input(0)
            let rank = try call.rank(x)
            guard call.version >= 13 || rank <= 2 else { throw call.wrong("opset 13 is needed for more than two axes") }
            let axis = try call.axis(call.int("axis", default: call.version < 13 ? 1 : -1), rank: rank)
            guard let depth = call.type(x).shape?[axis].fixedValue else {
                throw call.wrong("the axis has no known length")
            }
            let places = try call.emit(ArgReduceOp(.max, axis: axis, keepDims: false), x)
            let values = try call.cast(call.constant(ints: [0, 1]), to: call.dtype(x))
            let length = try call.emit(ReshapeOp([]), call.constant(ints: [depth]))
            return try call.emit(OneHotOp(axis: axis), places, length, values)
        })
}
