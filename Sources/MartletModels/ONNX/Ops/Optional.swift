import MartletGraph

extension ONNXOp {
    /// An optional that holds the input, or an empty one of a given type.
    static let optional = ONNXOp(
        "Optional", inputs: 0...1,
        one: { call in
            guard call.optional(0) == nil else {
                return try call.emit(OptionalOp(of: call.type(call.input(0))), call.input(0))
            }
            guard let declared = try call.attribute("type")?.valueType else {
                throw call.wrong("attribute `type` is missing")
            }
            return try call.emit(OptionalOp(of: call.importer.type(of: declared)))
        })
}
