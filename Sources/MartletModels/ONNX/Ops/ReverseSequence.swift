import MartletGraph

extension ONNXOp {
    /// The beginning of each sequence turned around.
    static let reverseSequence = ONNXOp(
        "ReverseSequence", inputs: 2...2,
        one: { call in
            let time = try call.int("time_axis", default: 0)
            let batch = try call.int("batch_axis", default: 1)
            guard [time, batch].sorted() == [0, 1] else {
                throw call.wrong("axes \(time) and \(batch) are not 0 and 1")
            }
            return try call.emit(ReverseSequenceOp(timeAxis: time), call.input(0), call.input(1))
        })
}
