import MartletGraph

extension ONNXOp {
    /// One step of Adagrad (Duchi, Hazan and Singer 2011) for each of some tensors: new values, new sums of squares.
    static let trainingAdagrad = ONNXOp("Adagrad", domain: trainingDomain, inputs: 5...Int.max) { call in
        let epsilon = try call.float("epsilon", default: 1e-6)
        let decay = try call.float("decay_factor", default: 0)
        return try call.optimize(states: 2) { step, x, g, states in
            let h = try step.add(states[0], step.mul(g, g))
            let slowed = try step.add(step.mul(step.time, decay), 1)
            let rate = try step.div(step.rate, slowed)
            let root = try step.add(step.sqrt(h), epsilon)
            return [try step.sub(x, step.div(step.mul(rate, g), root)), h]
        }
    }

    static let trainingDomain = "ai.onnx.preview.training"
}

/// One step of an optimizer for one tensor, in the tensor's type.
struct ONNXOptimizerStep {
    let call: ONNXCall
    /// The learning rate and the number of updates so far.
    let rate: ValueID
    let time: ValueID
    /// Whether this is not the first update.
    let isLater: ValueID

    func number(_ value: Float, like x: ValueID) throws -> ValueID { try call.constant(Double(value), call.dtype(x)) }
    func add(_ a: ValueID, _ b: ValueID) throws -> ValueID { try call.emit(BinaryOp(.add), a, b) }
    func add(_ a: ValueID, _ b: Float) throws -> ValueID { try add(a, number(b, like: a)) }
    func sub(_ a: ValueID, _ b: ValueID) throws -> ValueID { try call.emit(BinaryOp(.sub), a, b) }
    func mul(_ a: ValueID, _ b: ValueID) throws -> ValueID { try call.emit(BinaryOp(.mul), a, b) }
    func mul(_ a: ValueID, _ b: Float) throws -> ValueID { try mul(a, number(b, like: a)) }
    func div(_ a: ValueID, _ b: ValueID) throws -> ValueID { try call.emit(BinaryOp(.div), a, b) }
    func sqrt(_ a: ValueID) throws -> ValueID { try call.emit(UnaryOp(.sqrt), a) }
}

extension ONNXCall {
    /// Inputs are the rate, the time, then as many tensors, gradients and states of each kind; outputs the new tensors, then
    /// the new states of each kind. The gradient that `update` sees has `norm_coefficient` · x added.
    ///
    /// - Parameter states: the number of states of a tensor, and one.
    func optimize(
        states: Int, _ update: (ONNXOptimizerStep, _ x: ValueID, _ gradient: ValueID, [ValueID]) throws -> [ValueID]
    ) throws -> [ValueID?] {
        let norm = try float("norm_coefficient", default: 0)
        let given = try allInputs()
        let kinds = states + 1
        guard given.count > 2, (given.count - 2).isMultiple(of: kinds) else {
            throw wrong("\(given.count) inputs do not divide into tensors, gradients and states")
        }
        let count = (given.count - 2) / kinds
        var results: [[ValueID]] = []
        for index in 0..<count {
            let parts = (0..<kinds).map { given[2 + $0 * count + index] }
            let dtype = dtype(parts[0])
            let isLater = try emit(CompareOp(.gt), given[1], constant(0, self.dtype(given[1])))
            let step = ONNXOptimizerStep(
                call: self, rate: try cast(given[0], to: dtype), time: try cast(given[1], to: dtype), isLater: isLater)
            let gradient = try norm == 0 ? parts[1] : step.add(step.mul(parts[0], norm), parts[1])
            results.append(try update(step, parts[0], gradient, Array(parts[2...])))
        }
        return (0..<states).flatMap { kind in results.map { $0[kind] } }
    }
}
