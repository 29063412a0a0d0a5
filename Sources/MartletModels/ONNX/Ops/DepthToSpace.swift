import MartletGraph

extension ONNXOp {
    /// Blocks of channels laid out as squares: [n, b·b·c, h, w] to [n, c, h·b, w·b].
    static let depthToSpace = ONNXOp(
        "DepthToSpace", inputs: 1...1,
        one: { call in
            let x = try call.input(0)
            guard let block = try call.int("blocksize"), block > 0, block < 1 << 16, let shape = call.type(x).shape,
                shape.count == 4
            else { throw call.wrong("it wants x of rank 4 and a block size") }
            let square = Dim.fixed(block * block)
            let order = try call.choice("mode", default: "DCR", ["DCR": true, "CRD": false])
            let b = Dim.fixed(block)
            let channels = shape[1] / square
            let split =
                order
                ? [shape[0], b, b, channels, shape[2], shape[3]] : [shape[0], channels, b, b, shape[2], shape[3]]
            let blocks = try call.emit(ReshapeOp(split), x)
            let moved = try call.emit(TransposeOp(order ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]), blocks)
            return try call.emit(ReshapeOp([shape[0], channels, shape[2] * b, shape[3] * b]), moved)
        })
}
