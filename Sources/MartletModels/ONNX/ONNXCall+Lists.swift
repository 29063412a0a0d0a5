import MartletGraph
import MartletTensor

/// Attributes that are lists or tensors of constants, as the operators of ai.onnx.ml have many.
extension ONNXCall {
    func strings(_ name: String) throws -> [String]? {
        guard let attribute = try attribute(name) else { return nil }
        guard attribute.type == 8 || attribute.type == 0 else {
            throw wrong("attribute `\(name)` is no list of strings")
        }
        return try attribute.strings.map {
            guard let text = String(validating: $0.bytes, as: UTF8.self) else {
                throw wrong("attribute `\(name)` is no text")
            }
            return text
        }
    }

    /// Numbers of a list of floats, or of the tensor `<name>_as_tensor` instead; nil if there is neither.
    func numbers(_ name: String) throws -> [Double]? {
        if let list = try floats(name) {
            guard try !has(name + "_as_tensor") || list.isEmpty else {
                throw wrong("attributes `\(name)` and `\(name)_as_tensor` are both given")
            }
            if !list.isEmpty { return list.map(Double.init) }
        }
        return try numbers(tensor: name + "_as_tensor")
    }

    /// Numbers of a tensor of floats.
    func numbers(tensor name: String) throws -> [Double]? {
        guard let tensor = try tensor(name) else { return nil }
        guard tensor.dtype.isFloat else { throw wrong("attribute `\(name)` is no tensor of floats") }
        return try tensor.aligned().converted(to: .float64).values(Double.self)
    }

    /// A list that must have `count` elements.
    func list<T>(_ name: String, _ list: [T]?, count: Int) throws -> [T] {
        guard let list, list.count == count else {
            throw wrong("attribute `\(name)` has \(list?.count ?? 0) elements, not \(count)")
        }
        return list
    }

    /// A constant vector of floats, rounded to `dtype`.
    func constant(_ values: [Double], _ dtype: DType = .float32) throws -> ValueID {
        if dtype == .float32 { return constant(Tensor(vector: values.map(Float.init))) }
        return try cast(constant(Tensor(vector: values)), to: dtype)
    }
}
