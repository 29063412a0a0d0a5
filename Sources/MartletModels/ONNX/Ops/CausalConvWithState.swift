import MartletGraph
import MartletTensor

extension ONNXOp {
    /// Convolution of each channel over what came before, and the positions that the next call needs.
    static let causalConvWithState = ONNXOp(
        "CausalConvWithState", inputs: 2...4,
        build: { call in
            let (x, weight) = (try call.input(0), try call.input(1))
            guard let shape = call.type(weight).fixedShape, shape.count == 3, shape[0] > 0, shape[2] > 0 else {
                throw call.wrong("it wants weights [channels, 1, k] of known shape")
            }
            let kept = shape[2] - 1
            let all: ValueID
            if let past = call.optional(3) {
                all = try call.emit(ConcatOp(axis: 2), past, x)
            } else {
                all = try call.emit(PadOp(pads: [0, 0, kept, 0, 0, 0]), x)
            }
            var y = try call.emit(ConvOp(groups: shape[0]), all, weight, call.optional(2))
            let isGated = try call.choice(
                "activation", default: "none", ["none": false, "": false, "silu": true, "swish": true])
            if isGated { y = try call.emit(UnaryOp(.silu), y) }
            let start = kept == 0 ? Dim.fixed(Int(Int32.max)) : .fixed(-kept)
            let range = SliceOp.Range(axis: 2, start: start, end: .fixed(Int(Int32.max)))
            return [y, try call.emit(SliceOp([range]), all)]
        })
}
