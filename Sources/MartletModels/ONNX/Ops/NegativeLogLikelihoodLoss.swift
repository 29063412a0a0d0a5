import MartletGraph
import MartletTensor

extension ONNXOp {
    /// Minus the log probability of each label, weighted, and then their mean or sum.
    static let negativeLogLikelihoodLoss = ONNXOp(
        "NegativeLogLikelihoodLoss", inputs: 2...3, one: { try $0.logLikelihoodLoss($0.input(0)) })
}

extension ONNXCall {
    /// The loss of log probabilities [batch, classes, …] for the labels [batch, …] of input 1 and the class weights of input
    /// 2. Labels equal to `ignore_index` count nothing.
    func logLikelihoodLoss(_ logs: ValueID) throws -> ValueID {
        let dtype = dtype(logs)
        let reduction = try string("reduction", default: "mean")
        guard ["none", "sum", "mean"].contains(reduction) else {
            throw wrong("attribute reduction = `\(reduction)` is not supported")
        }
        var labels = try input(1)
        var isIgnored: ValueID?
        if let ignored = try int("ignore_index") {
            let test = try emit(CompareOp(.eq), labels, constant(Double(ignored), self.dtype(labels)))
            labels = try emit(WhereOp(), test, constant(0, self.dtype(labels)), labels)
            isIgnored = test
        }
        let picked = try emit(GatherElementsOp(axis: 1), logs, emit(UnsqueezeOp(axes: [1]), labels))
        var losses = try emit(UnaryOp(.neg), emit(SqueezeOp(axes: [1]), picked))
        var weights = try optional(2).map { try emit(GatherOp(axis: 0), $0, labels) }
        if let isIgnored {
            let zero = try constant(0, dtype)
            if weights != nil || reduction == "mean" {
                weights = try emit(WhereOp(), isIgnored, zero, weights ?? constant(1, dtype))
            }
            losses = try emit(WhereOp(), isIgnored, zero, losses)
        }
        if let weights { losses = try emit(BinaryOp(.mul), losses, weights) }
        switch reduction {
        case "none": return losses
        case "sum": return try emit(ReduceOp(.sum, keepDims: false), losses)
        default:
            guard let weights else { return try emit(ReduceOp(.mean, keepDims: false), losses) }
            return try emit(
                BinaryOp(.div), emit(ReduceOp(.sum, keepDims: false), losses),
                emit(ReduceOp(.sum, keepDims: false), weights))
        }
    }
}
