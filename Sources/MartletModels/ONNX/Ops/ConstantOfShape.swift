import MartletGraph

extension ONNXOp {
    /// A tensor filled with one value.
    static let constantOfShape = ONNXOp(
        "ConstantOfShape", inputs: 1...1,
        one: { call in
            let value = try call.tensor("value").flatMap { ScalarValue($0) } ?? ScalarValue(Float(0))
            return try call.emit(ConstantOfShapeOp(value), call.input(0))
        })
}
