import MartletGraph
import MartletTensor

extension ONNXOp {
    /// x itself, unless training mode is on: then each element is zero with probability `ratio`, and the others are
    /// scaled so that the mean stays. What is kept follows from the seed as in numpy's `RandomState(seed).uniform()`.
    static let dropout = ONNXOp("Dropout", inputs: 1...3) { call in
        let x = try call.input(0)
        let training = call.optional(2)
        let isOff = training.map { call.knownInts($0) == [0] || call.constantFloat(1) == 0 } ?? true
        guard let training, !isOff else {
            guard call.node.outputs.count > 1 else { return [x] }
            let shape = try call.emit(ShapeOp(), x)
            return [x, try call.emit(ConstantOfShapeOp(ScalarValue(true)), shape)]
        }
        let ratio = try call.optional(1).map { try call.cast($0, to: .float64) } ?? call.constant(0.5, .float64)
        let draw = try call.random(.uniform(low: 0, high: 1), like: x, dtype: .float64)
        let isKept = try call.emit(
            LogicalOp(.or), call.emit(CompareOp(.ge), draw, ratio), call.emit(LogicalOp(.not), training))
        let one = try call.constant(1, .float64)
        let factor = try call.emit(
            WhereOp(), training, call.emit(BinaryOp(.div), one, call.emit(BinaryOp(.sub), one, ratio)), one)
        let scaled = try call.emit(BinaryOp(.mul), x, call.cast(factor, to: call.dtype(x)))
        return [try call.emit(WhereOp(), isKept, scaled, call.constant(0, call.dtype(x))), isKept]
    }
}
