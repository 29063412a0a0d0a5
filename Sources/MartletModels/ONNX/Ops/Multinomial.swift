import MartletGraph

extension ONNXOp {
    /// For each row of log probabilities some classes, drawn with replacement; the same on each run.
    static let multinomial = ONNXOp(
        "Multinomial", inputs: 1...1,
        one: { call in
            let x = try call.cast(call.input(0), to: .float64)
            let dtype = try call.dtype("dtype") ?? .int32
            let count = try call.int("sample_size", default: 1)
            guard try call.rank(x) == 2, count > 0 else { throw call.wrong("wants a matrix and at least one draw") }
            guard dtype == .int32 || dtype == .int64 else { throw call.wrong("the result is int32 or int64") }
            // The class is the number of running sums of probabilities that the draw exceeds.
            let sums = try call.emit(
                CumSumOp(), call.emit(SoftmaxOp(axis: 1), x), call.constant(1, .int64))
            let rows = try call.emit(ShapeOp(start: 0, end: 1), x)
            let shape = try call.emit(ConcatOp(axis: 0), rows, call.constant(ints: [count]))
            let draw = try call.emit(RandomOp(.uniform(low: 0, high: 1), dtype: .float64, seed: call.seed()), shape)
            // The last sum may be a little less than 1.
            let inner = try call.emit(
                SliceOp([.init(axis: 1, start: .fixed(0), end: .fixed(-1))]), sums)
            let isPast = try call.emit(
                CompareOp(.ge), call.emit(UnsqueezeOp(axes: [2]), draw), call.emit(UnsqueezeOp(axes: [1]), inner))
            return try call.emit(ReduceOp(.sum, axes: [2], keepDims: false), call.cast(isPast, to: dtype))
        })
}
