import MartletGraph
import MartletTensor

extension ONNXOp {
    /// A value in the file: a tensor, a number or a string, or a list of them.
    static let constant = ONNXOp(
        "Constant", inputs: 0...0,
        one: { call in
            if let tensor = try call.tensor("value") { return call.constant(tensor) }
            if let value = try call.float("value_float") { return call.constant(Tensor(scalar: value)) }
            if let value = try call.int("value_int") { return call.constant(Tensor(scalar: Int64(value))) }
            if let values = try call.attribute("value_floats") { return call.constant(Tensor(vector: values.floats)) }
            if let values = try call.attribute("value_ints") { return call.constant(Tensor(vector: values.ints)) }
            if try call.has("value_string") {
                return call.constant(Tensor(strings: [try call.string("value_string", default: "")], shape: []))
            }
            if let values = try call.attribute("value_strings")?.strings {
                return call.constant(Tensor(utf8: values.map { Array($0.bytes) }, shape: [values.count]))
            }
            if let sparse = try call.attribute("sparse_value")?.sparseTensor {
                return call.constant(try call.importer.tensors.tensor(sparse))
            }
            throw call.wrong("it holds neither a tensor nor numbers")
        })
}
