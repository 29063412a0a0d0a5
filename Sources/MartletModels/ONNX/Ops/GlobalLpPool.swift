import MartletGraph

extension ONNXOp {
    /// p-norm of each channel.
    static let globalLpPool = ONNXOp(
        "GlobalLpPool", inputs: 1...1,
        one: { call in
            let rank = try call.rank(call.input(0))
            guard rank > 2 else { throw call.wrong("it wants [batch, channels, …]") }
            return try call.norm { try call.emit(ReduceOp(.sum, axes: Array(2..<rank)), $0) }
        })
}
