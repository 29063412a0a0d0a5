import MartletGraph

extension ONNXOp {
    /// x as uint8 with the scale and zero point that its range asks for.
    static let dynamicQuantizeLinear = ONNXOp("DynamicQuantizeLinear", inputs: 1...1) { call in
        try call.emitAll(DynamicQuantizeOp(), [call.input(0)])
    }
}
