import MartletGraph

extension ONNXOp {
    /// The middle of x, or x in the middle of zeros.
    static let centerCropPad = ONNXOp(
        "CenterCropPad", inputs: 2...2,
        one: { call in try call.emit(CenterCropPadOp(axes: call.ints("axes")), call.input(0), call.input(1)) })
}
