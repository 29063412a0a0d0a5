import MartletGraph

extension ONNXOp {
    /// 1 on a diagonal, 0 elsewhere, in the shape of x.
    static let eyeLike = ONNXOp(
        "EyeLike", inputs: 1...1,
        one: { call in
            let x = try call.input(0)
            let dtype = try call.dtype("dtype") ?? call.dtype(x)
            let ones = try call.emit(ConstantOfShapeOp(ScalarValue(Float(1))), call.emit(ShapeOp(), x))
            let diagonal = try call.int("k", default: 0)
            let upper = try call.emit(TriluOp(upper: true), ones, call.constant(ints: [diagonal]))
            let both = try call.emit(TriluOp(upper: false), upper, call.constant(ints: [diagonal]))
            return try call.cast(both, to: dtype)
        })
}
