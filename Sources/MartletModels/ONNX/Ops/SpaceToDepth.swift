import MartletGraph

extension ONNXOp {
    /// Squares laid out as channels: [n, c, h·b, w·b] to [n, b·b·c, h, w].
    static let spaceToDepth = ONNXOp(
        "SpaceToDepth", inputs: 1...1,
        one: { call in
            let x = try call.input(0)
            guard let block = try call.int("blocksize"), block > 0, block < 1 << 16, let shape = call.type(x).shape,
                shape.count == 4
            else { throw call.wrong("it wants x of rank 4 and a block size") }
            let b = Dim.fixed(block)
            let isDepthFirst = try call.choice("mode", default: "DCR", ["DCR": true, "CRD": false])
            let (height, width) = (shape[2] / b, shape[3] / b)
            let blocks = try call.emit(ReshapeOp([shape[0], shape[1], height, b, width, b]), x)
            let moved = try call.emit(TransposeOp(isDepthFirst ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4]), blocks)
            return try call.emit(ReshapeOp([shape[0], shape[1] * .fixed(block * block), height, width]), moved)
        })
}
