import MartletGraph

extension ONNXOp {
    /// p-norm of each window: the p-th root of the sum of |x|^p.
    static let lpPool = ONNXOp(
        "LpPool", inputs: 1...1,
        one: { call in
            guard let kernel = try call.ints("kernel_shape") else {
                throw call.wrong("attribute `kernel_shape` is missing")
            }
            let window = try call.window()
            return try call.norm { try call.emit(PoolOp(.sum, kernel: kernel, window), $0) }
        })
}

extension ONNXCall {
    /// The p-th root of the sum of |x|^p (attribute `p`, default 2).
    func norm(_ sum: (ValueID) throws -> ValueID) throws -> ValueID {
        let x = try input(0)
        let p = try int("p", default: 2)
        guard p > 0, p < 1 << 20 else { throw wrong("p is \(p)") }
        if p == 1 { return try sum(emit(UnaryOp(.abs), x)) }
        if p == 2 { return try emit(UnaryOp(.sqrt), sum(emit(UnaryOp(.square), x))) }
        let powers = try emit(UnaryOp(.powScalar, a: Float(p)), emit(UnaryOp(.abs), x))
        return try emit(UnaryOp(.powScalar, a: 1 / Float(p)), sum(powers))
    }
}
