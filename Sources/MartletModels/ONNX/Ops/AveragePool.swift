import MartletGraph

extension ONNXOp {
    /// Mean of each window.
    static let averagePool = ONNXOp(
        "AveragePool", inputs: 1...1, one: { try $0.averagePool($0.input(0)) })
}

extension ONNXCall {
    /// Mean of each window of x, by the node's attributes.
    func averagePool(_ x: ValueID) throws -> ValueID {
        guard let kernel = try ints("kernel_shape") else { throw wrong("attribute `kernel_shape` is missing") }
        return try emit(
            PoolOp(.average, kernel: kernel, window(), countsPadding: flag("count_include_pad")), x)
    }
}
