import MartletGraph

extension ONNXOp {
    /// The boxes of each class that no better one covers.
    static let nonMaxSuppression = ONNXOp("NonMaxSuppression", inputs: 2...5) { call in
        let op = try NonMaxSuppressionOp(isCentred: call.flag("center_point_box"))
        let inputs = [try call.input(0), try call.input(1)] + (2..<5).map { call.optional($0) }
        return try call.emitAll(op, inputs)
    }
}
