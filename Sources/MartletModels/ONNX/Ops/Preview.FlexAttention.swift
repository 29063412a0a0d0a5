import MartletGraph
import MartletTensor

extension ONNXOp {
    /// softmax(q kᵀ · scale) v with two graphs of the node's own that change the scores before, and the weights after, the
    /// softmax. q, k and v are [batch, heads, length, width]; groups of query heads may share a key head.
    static let previewFlexAttention = ONNXOp(
        "FlexAttention", domain: "ai.onnx.preview", inputs: 3...3,
        one: { call in
            let query = try call.input(0)
            for index in 0..<3 where try call.rank(call.input(index)) != 4 {
                throw call.wrong("wants q, k and v of rank 4")
            }
            let key = try call.repeatHeads(call.input(1), like: query)
            let value = try call.repeatHeads(call.input(2), like: query)
            let width = call.type(query).shape?.last?.fixedValue
            guard let scale = try call.float("scale") ?? width.map({ 1 / Float(Swift.max($0, 1)).squareRoot() }) else {
                throw call.wrong("the length of a head is not known")
            }
            let dtype = call.dtype(query)
            let root = try call.constant(Double(scale.squareRoot()), dtype)
            let scores = try call.emit(
                MatMulOp(), call.emit(BinaryOp(.mul), query, root),
                call.emit(TransposeOp([0, 1, 3, 2]), call.emit(BinaryOp(.mul), key, root)))
            let isHalf = dtype == .float16 || dtype == .bfloat16
            let precision = try call.dtype("softmax_precision") ?? (isHalf ? .float32 : dtype)
            let changed = try call.changed(call.cast(scores, to: precision), by: "score_mod")
            let weights = try call.changed(call.emit(SoftmaxOp(), changed), by: "prob_mod")
            return try call.cast(
                call.emit(MatMulOp(), weights, call.cast(value, to: precision)), to: call.dtype(value))
        })
}

extension ONNXCall {
    /// What a graph among the attributes makes of x; x itself if there is none.
    fileprivate func changed(_ x: ValueID, by attribute: String) throws -> ValueID {
        guard let graph = try self.attribute(attribute)?.graph else { return x }
        let results = try importer.inline(graph, [x], self)
        guard results.count == 1, let result = results[0] else { throw wrong("`\(attribute)` is not of one output") }
        return try cast(result, to: dtype(x))
    }
}
