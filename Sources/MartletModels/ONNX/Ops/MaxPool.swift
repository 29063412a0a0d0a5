import MartletGraph

extension ONNXOp {
    /// Largest element of each window.
    static let maxPool = ONNXOp(
        "MaxPool", inputs: 1...1,
        one: { call in
            guard let kernel = try call.ints("kernel_shape") else {
                throw call.wrong("attribute `kernel_shape` is missing")
            }
            return try call.emit(PoolOp(.max, kernel: kernel, call.window()), call.input(0))
        })
}
