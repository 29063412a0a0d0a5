import MartletGraph

extension ONNXOp {
    /// All inputs side by side as float32, each cut or filled with zeros to the number of columns that it is said to have.
    static let mlFeatureVectorizer = ONNXOp(
        "FeatureVectorizer", domain: "ai.onnx.ml", inputs: 1...Int.max,
        one: { call in
            let widths = try call.ints("inputdimensions") ?? []
            var parts: [ValueID] = []
            for index in call.inputs.indices {
                var part = try call.cast(call.input(index), to: .float32)
                if call.type(part).rank == 1 { part = try call.emit(UnsqueezeOp(axes: [1]), part) }
                if index < widths.count, call.type(part).shape?.last != .fixed(widths[index]) {
                    guard widths[index] >= 0, widths[index] <= 1 << 24 else {
                        throw call.wrong("an input has \(widths[index]) columns")
                    }
                    part = try call.emit(PadOp(), part, call.constant(ints: [0, 0, 0, widths[index]]))
                    let cut = SliceOp.Range(axis: 1, start: .fixed(0), end: .fixed(widths[index]))
                    part = try call.emit(SliceOp([cut]), part)
                }
                parts.append(part)
            }
            return parts.count == 1 ? parts[0] : try call.emitAll(ConcatOp(axis: 1), parts)[0]
        })
}
