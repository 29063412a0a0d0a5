import MartletGraph

extension ONNXOp {
    /// One step of gradient descent with momentum, plain or Nesterov's, for each of some tensors: new values, new momenta.
    static let trainingMomentum = ONNXOp("Momentum", domain: trainingDomain, inputs: 5...Int.max) { call in
        let alpha = try call.float("alpha", default: 0.9)
        let beta = try call.float("beta", default: 1)
        let isNesterov = try call.choice("mode", default: "standard", ["standard": false, "nesterov": true])
        return try call.optimize(states: 2) { step, x, g, states in
            // The first gradient counts in full.
            let weight = try call.emit(
                WhereOp(), step.isLater, step.number(beta, like: x), step.number(1, like: x))
            let v = try step.add(step.mul(states[0], alpha), step.mul(weight, g))
            let change = try isNesterov ? step.add(g, step.mul(v, alpha)) : v
            return [try step.sub(x, step.mul(step.rate, change)), v]
        }
    }
}
