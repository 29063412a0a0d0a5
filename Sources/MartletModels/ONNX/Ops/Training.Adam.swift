import MartletGraph

extension ONNXOp {
    /// One step of Adam (Kingma and Ba 2015) for each of some tensors: new values, new first and second moments.
    static let trainingAdam = ONNXOp("Adam", domain: trainingDomain, inputs: 6...Int.max) { call in
        let alpha = try call.float("alpha", default: 0.9)
        let beta = try call.float("beta", default: 0.999)
        let epsilon = try call.float("epsilon", default: 1e-6)
        let after = try call.float("norm_coefficient_post", default: 0)
        return try call.optimize(states: 3) { step, x, g, states in
            let v = try step.add(step.mul(states[0], alpha), step.mul(g, 1 - alpha))
            let h = try step.add(step.mul(states[1], beta), step.mul(step.mul(g, g), 1 - beta))
            let root = try step.add(step.sqrt(h), epsilon)
            /// 1 - base^time
            func missing(_ base: Float) throws -> ValueID {
                let power = try call.emit(BinaryOp(.pow), step.number(base, like: x), step.time)
                return try step.sub(step.number(1, like: x), power)
            }
            let corrected = try step.div(step.mul(step.rate, step.sqrt(missing(beta))), missing(alpha))
            let rate = try call.emit(WhereOp(), step.isLater, corrected, step.rate)
            var y = try step.sub(x, step.mul(rate, step.div(v, root)))
            if after != 0 { y = try step.mul(y, 1 - after) }
            return [y, v, h]
        }
    }
}
