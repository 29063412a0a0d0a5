import MartletGraph

extension ONNXOp {
    /// Convolution over spatial axes.
    static let conv = ONNXOp(
        "Conv", inputs: 2...3,
        one: { call in
            let weight = try call.input(1)
            if let kernel = try call.ints("kernel_shape"), let shape = call.type(weight).fixedShape,
                Array(shape.dropFirst(2)) != kernel
            {
                throw call.wrong("the kernel is \(kernel), its weight \(shape)")
            }
            let op = try ConvOp(call.window(), groups: call.int("group", default: 1))
            return try call.emit(op, call.input(0), weight, call.optional(2))
        })
}
