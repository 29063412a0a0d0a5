import MartletGraph

extension ONNXOp {
    /// Largest element of each window, and where it stands.
    static let maxPool = ONNXOp(
        "MaxPool", inputs: 1...1,
        build: { call in
            guard let kernel = try call.ints("kernel_shape") else {
                throw call.wrong("attribute `kernel_shape` is missing")
            }
            let indices: PoolOp.Indices = try call.flag("storage_order") ? .columnMajor : .rowMajor
            let hasIndices = call.node.outputs.count > 1 && !call.node.outputs[1].isEmpty
            return try call.emitAll(
                PoolOp(.max, kernel: kernel, call.window(), indices: hasIndices ? indices : nil), [call.input(0)])
        })
}
