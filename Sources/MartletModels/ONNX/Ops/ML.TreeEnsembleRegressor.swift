import MartletGraph
import MartletKernels

extension ONNXOp {
    /// The joined weights of the leaves that a row comes to.
    static let mlTreeEnsembleRegressor = ONNXOp(
        "TreeEnsembleRegressor", domain: "ai.onnx.ml", inputs: 1...1,
        one: { call in
            let x = try call.rows(0)
            let isDouble = call.dtype(x) == .float64
            let targets = try call.int("n_targets", default: 1)
            let aggregate = try call.choice(
                "aggregate_function", default: "SUM",
                ["SUM": DecisionForest.Aggregate.sum, "AVERAGE": .average, "MIN": .min, "MAX": .max])
            let base = try call.numbers("base_values") ?? []
            guard base.isEmpty || base.count == targets else {
                throw call.wrong("it has \(base.count) base values for \(targets) targets")
            }
            let forest = try call.trees(
                "target", targets: targets, aggregate: aggregate, base: base, isDouble: isDouble)
            let scores = try call.emit(call.pack(forest, isDouble: isDouble), x)
            return try call.cast(call.transformed(scores, call.postTransform()), to: .float32)
        })
}
