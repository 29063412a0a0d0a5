import MartletGraph

extension ONNXOp {
    /// Strings to integers or integers to strings, by two lists.
    static let mlCategoryMapper = ONNXOp(
        "CategoryMapper", domain: "ai.onnx.ml", inputs: 1...1,
        one: { call in
            try call.mapped(
                call.input(0), strings: call.strings("cats_strings") ?? [], ints: call.ints("cats_int64s") ?? [])
        })
}
