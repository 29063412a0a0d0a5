import MartletGraph

extension ONNXOp {
    /// Mean of each window.
    static let averagePool = ONNXOp(
        "AveragePool", inputs: 1...1,
        one: { call in
            guard let kernel = try call.ints("kernel_shape") else {
                throw call.wrong("attribute `kernel_shape` is missing")
            }
            return try call.emit(
                PoolOp(.average, kernel: kernel, call.window(), countsPadding: call.flag("count_include_pad")),
                call.input(0))
        })
}
