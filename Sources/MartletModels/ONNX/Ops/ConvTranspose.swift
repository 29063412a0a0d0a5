import MartletGraph

extension ONNXOp {
    /// Transposed convolution over spatial axes.
    static let convTranspose = ONNXOp(
        "ConvTranspose", inputs: 2...3,
        one: { call in
            let weight = try call.input(1)
            if let kernel = try call.ints("kernel_shape"), let shape = call.type(weight).fixedShape,
                Array(shape.dropFirst(2)) != kernel
            {
                throw call.wrong("the kernel is \(kernel), its weight \(shape)")
            }
            var shape = try call.ints("output_shape")
            // Some exporters write batch and channels too.
            if let given = shape, let rank = call.type(weight).rank, given.count == rank {
                shape = Array(given.dropFirst(2))
            }
            let op = try ConvTransposeOp(
                call.window(), groups: call.int("group", default: 1), outputPadding: call.ints("output_padding") ?? [],
                outputShape: shape)
            return try call.emit(op, call.input(0), weight, call.optional(2))
        })
}
