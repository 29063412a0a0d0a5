import MartletGraph
import MartletTensor

/// One node that is being added: its inputs and attributes, checked as they are read.
struct ONNXCall {
    let importer: ONNXImporter
    let node: ONNXNode
    let scope: ONNXScope
    let inputs: [ValueID?]

    /// Version of the operator set that the node's domain has in this model.
    var version: Int { scope.opsets[node.domain] ?? 1 }

    func wrong(_ reason: String) -> ONNXError {
        .node(file: importer.path, node: node.label, op: node.qualifiedOp, reason: reason)
    }

    /// Runs `body`; errors of the graph get the file and the node.
    func located<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch GraphError.invalidInput(_, _, let shapes, let reason) {
            let list = shapes.map { $0.map { "\($0)" } ?? "none" }.joined(separator: ", ")
            throw wrong(shapes.isEmpty ? reason : "\(reason) (input shapes: \(list))")
        } catch let error as TensorError {
            throw wrong(error.explanation.message)
        }
    }

    // MARK: Inputs

    func input(_ index: Int) throws -> ValueID {
        guard let value = optional(index) else { throw wrong("input \(index) is missing") }
        return value
    }

    func optional(_ index: Int) -> ValueID? { index < inputs.count ? inputs[index] : nil }

    /// Inputs of a call that takes any number of them; none may be left out.
    func allInputs() throws -> [ValueID] { try inputs.indices.map(input) }

    func type(_ value: ValueID) -> ValueType { importer.graph.type(value) }
    func dtype(_ value: ValueID) -> DType { type(value).dtype }

    /// Number of dimensions; throws where only a run could tell.
    func rank(_ value: ValueID) throws -> Int {
        guard let rank = type(value).rank else { throw wrong("the rank of an input is not known") }
        return rank
    }

    /// An axis counted from the front.
    func axis(_ axis: Int, rank: Int) throws -> Int {
        guard axis >= -rank, axis < rank else { throw wrong("axis \(axis) is outside a tensor of rank \(rank)") }
        return axis < 0 ? axis + rank : axis
    }

    /// The integers of an input that has to be constant; nil if it is left out.
    func constantInts(_ index: Int) throws -> [Int]? {
        guard let value = optional(index) else { return nil }
        if let known = knownInts(value) { return known }
        throw wrong("input \(index) must not depend on the model's inputs")
    }

    /// The integers of a value if they do not depend on the model's inputs.
    func knownInts(_ value: ValueID) -> [Int]? {
        let info = importer.graph.info(value)
        if let constant = info.constant, constant.count <= 4096 { return constant.integerElements }
        guard let integers = info.integers else { return nil }
        let fixed = integers.compactMap(\.fixedValue)
        return fixed.count == integers.count ? fixed : nil
    }

    /// The number of a constant scalar input.
    func constantFloat(_ index: Int) -> Double? {
        guard let value = optional(index), let tensor = importer.graph.constant(value), tensor.count == 1 else {
            return nil
        }
        return tensor.scalarDouble
    }

    // MARK: Attributes

    /// The attribute itself, or what it refers to in a function's call.
    func resolved(_ attribute: ONNXAttribute) throws -> ONNXAttribute? {
        guard let name = attribute.reference, !name.isEmpty else { return attribute }
        return scope.attributes[name]
    }

    func attribute(_ name: String) throws -> ONNXAttribute? {
        guard let attribute = node.attributes[name] else { return nil }
        return try resolved(attribute)
    }

    func has(_ name: String) throws -> Bool { try attribute(name) != nil }

    func int(_ name: String) throws -> Int? {
        guard let attribute = try attribute(name) else { return nil }
        // proto3 leaves a zero out of the file.
        guard attribute.int != nil || attribute.type == 2 || attribute.type == 0 else {
            throw wrong("attribute `\(name)` is no integer")
        }
        guard let value = Int(exactly: attribute.int ?? 0) else { throw wrong("attribute `\(name)` is out of range") }
        return value
    }

    func int(_ name: String, default value: Int) throws -> Int { try int(name) ?? value }

    func flag(_ name: String, default value: Bool = false) throws -> Bool { try int(name).map { $0 != 0 } ?? value }

    func ints(_ name: String) throws -> [Int]? {
        guard let attribute = try attribute(name) else { return nil }
        guard attribute.type == 7 || attribute.type == 0 else {
            throw wrong("attribute `\(name)` is no list of integers")
        }
        return try attribute.ints.map {
            guard let value = Int(exactly: $0) else { throw wrong("attribute `\(name)` is out of range") }
            return value
        }
    }

    func float(_ name: String) throws -> Float? {
        guard let attribute = try attribute(name) else { return nil }
        guard attribute.float != nil || attribute.type == 1 || attribute.type == 0 else {
            throw wrong("attribute `\(name)` is no number")
        }
        return attribute.float ?? 0
    }

    func float(_ name: String, default value: Float) throws -> Float { try float(name) ?? value }

    func floats(_ name: String) throws -> [Float]? {
        guard let attribute = try attribute(name) else { return nil }
        guard attribute.type == 6 || attribute.type == 0 else {
            throw wrong("attribute `\(name)` is no list of numbers")
        }
        return attribute.floats
    }

    func string(_ name: String) throws -> String? {
        guard let attribute = try attribute(name) else { return nil }
        guard let bytes = attribute.string else { return "" }
        guard let text = String(validating: bytes.bytes, as: UTF8.self) else {
            throw wrong("attribute `\(name)` is no text")
        }
        return text
    }

    func string(_ name: String, default value: String) throws -> String { try string(name) ?? value }

    /// One of several words, by name.
    func choice<T>(_ name: String, default value: String, _ choices: [String: T]) throws -> T {
        let word = try string(name, default: value)
        guard let choice = choices[word] else { throw wrong("attribute \(name) = `\(word)` is not supported") }
        return choice
    }

    func tensor(_ name: String) throws -> Tensor? {
        guard let proto = try attribute(name)?.tensor else { return nil }
        return try importer.tensors.tensor(proto)
    }

    func dtype(_ name: String) throws -> DType? {
        guard let code = try int(name) else { return nil }
        guard let dtype = ONNXDataType.dtype(code) else {
            throw wrong("the type \(ONNXDataType.name(code)) is not supported")
        }
        return dtype
    }
}
