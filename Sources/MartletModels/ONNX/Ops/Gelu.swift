import MartletGraph

extension ONNXOp {
    /// x·Φ(x), exactly or by the approximation with tanh.
    static let gelu = ONNXOp(
        "Gelu", inputs: 1...1,
        one: { call in
            let kind = try call.choice(
                "approximate", default: "none", ["none": UnaryOp.Kind.geluErf, "tanh": .geluTanh])
            return try call.emit(UnaryOp(kind), call.input(0))
        })
}
