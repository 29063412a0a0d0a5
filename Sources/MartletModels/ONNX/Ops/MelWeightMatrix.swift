import MartletGraph

extension ONNXOp {
    /// The matrix from a spectrum to bins on the mel scale.
    static let melWeightMatrix = ONNXOp("MelWeightMatrix", inputs: 5...5) { call in
        let op = try MelWeightMatrixOp(call.dtype("output_datatype") ?? .float32)
        return try call.emitAll(op, (0..<5).map { try call.input($0) })
    }
}
