import MartletGraph

extension ONNXOp {
    /// `NegativeLogLikelihoodLoss` of the logarithm of the softmax over axis 1, which is the second output.
    static let softmaxCrossEntropyLoss = ONNXOp("SoftmaxCrossEntropyLoss", inputs: 2...3) { call in
        let logs = try call.emit(SoftmaxOp(axis: 1, logarithm: true), call.input(0))
        return [try call.logLikelihoodLoss(logs), logs]
    }
}
