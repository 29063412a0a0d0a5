import MartletGraph

extension ONNXOp {
    /// The class with the largest of x · Wᵀ + b, and these scores.
    static let mlLinearClassifier = ONNXOp("LinearClassifier", domain: "ai.onnx.ml", inputs: 1...1) {
        call -> [ValueID?] in
        let x = try call.rows(0)
        let coefficients = try call.numbers("coefficients") ?? []
        let intercepts = try call.numbers("intercepts") ?? []
        let transform = try call.postTransform()
        guard let labels = try call.classLabels(ints: "classlabels_ints") else {
            throw call.wrong("it has no class labels")
        }
        let targets = intercepts.isEmpty ? labels.count : intercepts.count
        let scores = try call.linear(x, coefficients, intercepts, targets: targets)
        if targets == 1 {
            let pair: ONNXCall.ClassLabels = labels.count == 2 ? labels : .ints([0, 1])
            let results = try call.binary(
                scores, pair, threshold: 0, isProbability: transform == .none, transform)
            guard labels.count == 2 else {
                return [results[0], try call.cast(call.transformed(scores, transform), to: .float32)]
            }
            return results
        }
        guard targets == labels.count else {
            throw call.wrong("\(targets) intercepts do not fit \(labels.count) classes")
        }
        return [
            try call.labels(call.largest(scores), labels),
            try call.cast(call.transformed(scores, transform), to: .float32),
        ]
    }
}
