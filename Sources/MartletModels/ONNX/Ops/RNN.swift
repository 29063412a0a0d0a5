import MartletGraph

extension ONNXOp {
    /// A recurrent layer: h = f(Wx + Rh + b).
    static let rnn = ONNXOp("RNN", inputs: 3...6) { call in
        try call.recurrent(call.recurrentOp(.rnn))
    }
}

extension ONNXCall {
    /// The layer that the attributes of RNN, LSTM and GRU describe.
    func recurrentOp(_ kind: RecurrentOp.Kind) throws -> RecurrentOp {
        let direction = try choice(
            "direction", default: "forward",
            ["forward": RecurrentOp.Direction.forward, "reverse": .reverse, "bidirectional": .bidirectional])
        let clip = try float("clip")
        guard clip ?? 1 >= 0 else { throw wrong("the clip is negative") }
        return RecurrentOp(
            kind, direction: direction, functions: try recurrentFunctions(), hidden: try int("hidden_size"),
            clip: clip == 0 ? nil : clip, isBatchFirst: try flag("layout"),
            couplesForget: try kind == .lstm && flag("input_forget"),
            resetsAfterProduct: try kind == .gru && flag("linear_before_reset"))
    }

    /// The lists of alphas and betas serve, in order, the functions that take one.
    private func recurrentFunctions() throws -> [RecurrentFunction]? {
        guard let words = try attribute("activations")?.strings, !words.isEmpty else { return nil }
        var alphas = (try attribute("activation_alpha")?.floats ?? [])[...]
        var betas = (try attribute("activation_beta")?.floats ?? [])[...]
        return try words.map { bytes in
            let word = String(decoding: bytes.bytes, as: UTF8.self)
            guard let kind = RecurrentFunction.Kind(rawValue: word.lowercased()) else {
                throw wrong("the activation `\(word)` is not supported")
            }
            return RecurrentFunction(
                kind, alpha: kind.defaults.alpha == nil ? nil : alphas.popFirst(),
                beta: kind.defaults.beta == nil ? nil : betas.popFirst())
        }
    }

    func recurrent(_ op: RecurrentOp) throws -> [ValueID?] {
        let inputs = try (0..<8).map { $0 < 3 ? try input($0) : optional($0) }
        return try emitAll(op, inputs).map { $0 }
    }
}
