import MartletGraph

extension ONNXOp {
    /// The class with the largest sum of weights, and the sums.
    static let mlTreeEnsembleClassifier = ONNXOp("TreeEnsembleClassifier", domain: "ai.onnx.ml", inputs: 1...1) {
        call -> [ValueID?] in
        let x = try call.rows(0)
        let isDouble = call.dtype(x) == .float64
        guard let labels = try call.classLabels() else { throw call.wrong("it has no class labels") }
        let ids = Set(try call.ints("class_ids") ?? [])
        let base = try call.numbers("base_values") ?? []
        let transform = try call.postTransform()
        // With two classes, and weights for one of them, the score is that of the second one.
        let isBinary = labels.count == 2 && ids.count == 1
        let targets = isBinary ? (ids.first ?? 0) + 1 : labels.count
        guard targets >= 1, targets <= labels.count else { throw call.wrong("a weight is for no class") }
        let offsets =
            isBinary ? [Double](repeating: 0, count: targets - 1) + (base.last.map { [$0] } ?? []) : base
        let forest = try call.trees(
            "class", targets: targets, aggregate: .sum, base: offsets, isDouble: isDouble)
        let scores = try call.emit(call.pack(forest, isDouble: isDouble), x)
        guard isBinary else {
            let places = try call.largest(scores)
            return [
                try call.labels(places, labels), try call.cast(call.transformed(scores, transform), to: .float32),
            ]
        }
        let isProbability = !forest.leaves.contains { $0.contains { $0.value < 0 } }
        let last = try call.emit(
            SliceOp([SliceOp.Range(axis: 1, start: .fixed(targets - 1), end: .fixed(targets))]), scores)
        return try call.binary(
            targets == 1 ? scores : last, labels, threshold: isProbability ? 0.5 : 0, isProbability: isProbability,
            transform)
    }
}
