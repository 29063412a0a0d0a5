import MartletGraph

extension ONNXOp {
    /// A recurrent layer with a cell and three gates.
    static let lstm = ONNXOp("LSTM", inputs: 3...8) { call in
        try call.recurrent(call.recurrentOp(.lstm))
    }
}
