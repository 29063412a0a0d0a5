import MartletGraph

extension ONNXOp {
    /// x with elements replaced at places along an axis, or combined with what is there.
    static let scatterElements = ONNXOp("ScatterElements", inputs: 3...3, one: { try $0.scatterElements() })
}

extension ONNXCall {
    /// Shared with `Scatter`, the operator's name up to opset 10.
    func scatterElements() throws -> ValueID {
        let op = try ScatterElementsOp(axis: int("axis", default: 0), reduction: reduction())
        return try emit(op, input(0), input(1), input(2))
    }

    func reduction() throws -> ScatterReduction {
        let words = ScatterReduction.allCases.map { ($0.rawValue, $0) }
        return try choice("reduction", default: "none", Dictionary(uniqueKeysWithValues: words))
    }
}
