import MartletGraph

extension ONNXOp {
    /// A recurrent layer with two gates.
    static let gru = ONNXOp("GRU", inputs: 3...6) { call in
        try call.recurrent(call.recurrentOp(.gru))
    }
}
