import MartletGraph

/// Operators that differ only in the op they become.
extension ONNXOp {
    static func unary(_ name: String, _ kind: UnaryOp.Kind) -> ONNXOp {
        ONNXOp(name, inputs: 1...1, one: { try $0.emit(UnaryOp(kind), $0.input(0)) })
    }

    static func binary(_ name: String, _ op: some GraphOp) -> ONNXOp {
        ONNXOp(name, inputs: 2...2, one: { try $0.emit(op, $0.input(0), $0.input(1)) })
    }

    /// x0 op x1 op x2 …
    static func variadic(_ name: String, _ op: some GraphOp) -> ONNXOp {
        ONNXOp(name, inputs: 1...Int.max, one: { try $0.chain(op, $0.allInputs()) })
    }

    /// Reductions: axes are an attribute up to opset 17 (`ReduceSum`: 12), an input after.
    static func reduce(_ name: String, _ kind: ReduceOp.Kind) -> ONNXOp {
        let since = name == "ReduceSum" ? 13 : 18
        return ONNXOp(
            name, inputs: 1...2,
            one: { call in
                let axes = try call.axes(input: 1, inputSince: since)
                let op = try ReduceOp(
                    kind, axes: axes, keepDims: call.flag("keepdims", default: true),
                    noopWithEmptyAxes: call.flag("noop_with_empty_axes"))
                return try call.emit(op, call.input(0), axes == nil ? call.optional(1) : nil)
            })
    }
}
