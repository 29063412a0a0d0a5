import MartletGraph

extension ONNXOp {
    /// ONNX Runtime: distances of all rows of one matrix from all rows of another.
    static let microsoftCDist = ONNXOp(
        "CDist", domain: "com.microsoft", inputs: 2...2,
        one: { call in
            let distances = try call.distances(call.input(0), call.input(1))
            switch try call.string("metric", default: "sqeuclidean") {
            case "euclidean": return distances
            case "sqeuclidean": return try call.emit(UnaryOp(.square), distances)
            case let metric: throw call.wrong("attribute metric = `\(metric)` is not supported")
            }
        })
}
