import MartletGraph

extension ONNXOp {
    /// Elements put back where MaxPool took them from.
    static let maxUnpool = ONNXOp(
        "MaxUnpool", inputs: 2...3,
        one: { call in
            guard let kernel = try call.ints("kernel_shape") else {
                throw call.wrong("attribute `kernel_shape` is missing")
            }
            let op = try UnpoolOp(
                kernel: kernel, strides: call.ints("strides") ?? [], pads: call.ints("pads") ?? [])
            return try call.emit(op, call.input(0), call.input(1), call.optional(2))
        })
}
