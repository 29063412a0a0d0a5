import MartletGraph

extension ONNXOp {
    /// The sampling grid of an affine map.
    static let affineGrid = ONNXOp(
        "AffineGrid", inputs: 2...2,
        one: { call in
            try call.emit(
                AffineGridOp(alignCorners: call.flag("align_corners")), call.input(0), call.input(1))
        })
}
