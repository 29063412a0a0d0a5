import MartletGraph

extension ONNXOp {
    /// Scores with the names of their classes: a list of maps in the standard, here the scores [rows, classes] as they
    /// are. The names are the model's labels.
    static let mlZipMap = ONNXOp(
        "ZipMap", domain: "ai.onnx.ml", inputs: 1...1,
        one: { call in
            guard let labels = try call.classLabels() else { throw call.wrong("it has no class labels") }
            let scores = try call.emit(IdentityOp(), call.input(0))
            if let columns = call.type(scores).shape?.last?.fixedValue, columns != labels.count {
                throw call.wrong("\(labels.count) labels do not fit \(columns) scores")
            }
            call.importer.namedScores[scores] = labels
            return scores
        })
}
