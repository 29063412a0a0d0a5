import MartletGraph
import MartletTensor

extension ONNXOp {
    /// The value that belongs to x as a key, or a default. Version 1 maps strings to their places in a list, and back.
    static let mlLabelEncoder = ONNXOp(
        "LabelEncoder", domain: "ai.onnx.ml", inputs: 1...1,
        one: { call in
            let x = try call.input(0)
            guard call.version > 1 else {
                let names = try call.strings("classes_strings") ?? []
                return try call.mapped(
                    x, strings: names, ints: Array(names.indices))
            }
            let type = call.dtype(x)
            guard let keys = try call.table("keys", of: type) else {
                throw call.wrong("it has no keys of the type \(type.name)")
            }
            for type in [DType.string, .int64, .float32] {
                guard let values = try call.table("values", of: type, tensor: false) else { continue }
                let other: Tensor =
                    switch type {
                    case .string:
                        Tensor(strings: [try call.string("default_string", default: "_Unused")], shape: [1])
                    case .int64: Tensor(vector: [Int64(try call.int("default_int64", default: -1))])
                    default: Tensor(vector: [try call.float("default_float", default: -0.0)])
                    }
                return try call.mapped(x, keys, values, default: try call.tensor("default_tensor") ?? other)
            }
            guard let values = try call.tensor("values_tensor") else { throw call.wrong("it has no values") }
            let other: Tensor
            if let given = try call.tensor("default_tensor") {
                other = given
            } else if values.dtype == .string {
                other = Tensor(strings: ["_Unused"], shape: [1])
            } else {
                other = try Tensor(vector: [values.dtype.isFloat ? -0.0 : Double(-1)]).converted(to: values.dtype)
            }
            return try call.mapped(x, keys, values, default: other)
        })
}

extension ONNXCall {
    /// A vector of constants of a type: from the list that the type has, or from a tensor.
    fileprivate func table(_ name: String, of type: DType, tensor isTensor: Bool = true) throws -> Tensor? {
        switch type {
        case .string:
            if let list = try strings("\(name)_strings"), !list.isEmpty {
                return Tensor(strings: list, shape: [list.count])
            }
        case .int64:
            if let list = try ints("\(name)_int64s"), !list.isEmpty { return Tensor(vector: list.map(Int64.init)) }
        case .float32: if let list = try floats("\(name)_floats"), !list.isEmpty { return Tensor(vector: list) }
        default: break
        }
        guard isTensor, let tensor = try self.tensor("\(name)_tensor"), tensor.dtype == type else { return nil }
        return tensor
    }

    /// Values by keys: two vectors of one length; the default is one element of the values' type.
    func mapped(_ x: ValueID, _ keys: Tensor, _ values: Tensor, default other: Tensor) throws -> ValueID {
        guard keys.count == values.count, keys.count > 0 else {
            throw wrong("it has \(keys.count) keys and \(values.count) values")
        }
        guard other.count == 1, other.dtype == values.dtype else {
            throw wrong("the default is not one element of the type \(values.dtype.name)")
        }
        let flat = try emit(ReshapeOp([.fixed(values.count)]), constant(values))
        let one = try emit(ReshapeOp([.fixed(1)]), constant(other))
        let all = try emit(ConcatOp(axis: 0), flat, one)
        let flatKeys = try emit(ReshapeOp([.fixed(keys.count)]), constant(keys))
        return try emit(GatherOp(), all, emit(LookupOp(), x, flatKeys))
    }

    /// Strings to integers or integers to strings, by the input's type, with the defaults of the first encoders.
    func mapped(_ x: ValueID, strings: [String], ints: [Int]) throws -> ValueID {
        let names = Tensor(strings: strings, shape: [strings.count])
        let numbers = Tensor(vector: ints.map(Int64.init))
        switch dtype(x) {
        case .string:
            return try mapped(
                x, names, numbers, default: Tensor(vector: [Int64(int("default_int64", default: -1))]))
        case .int64:
            return try mapped(
                x, numbers, names,
                default: Tensor(strings: [string("default_string", default: "_Unused")], shape: [1]))
        default: throw wrong("it wants strings or int64, not \(dtype(x).name)")
        }
    }
}
