import MartletTensor

/// What `inferTypes` and `run` of many ops check in the same way.
extension GraphOp {
    /// An error about inputs that can never work. The graph adds the node's name.
    func impossible(_ inputs: [InputInfo?], _ reason: String) -> GraphError {
        .invalidInput(
            op: Self.name, node: "", shapes: inputs.map { $0.flatMap { $0.type.fixedShape } }, reason: reason)
    }

    func operand(_ inputs: [InputInfo?], _ index: Int) throws -> InputInfo {
        guard index < inputs.count, let input = inputs[index] else {
            throw impossible(inputs, "input \(index) is missing")
        }
        return input
    }

    func operand(_ inputs: [Tensor?], _ index: Int, _ context: RunContext) throws -> Tensor {
        guard index < inputs.count, let input = inputs[index] else {
            throw context.invalid(self, inputs, "input \(index) is missing")
        }
        return input.aligned()
    }

    func optional<T>(_ inputs: [T?], _ index: Int) -> T? { index < inputs.count ? inputs[index] : nil }

    func resolveAxis(_ axis: Int, rank: Int, _ inputs: [InputInfo?]) throws -> Int {
        guard axis >= -rank, axis < rank else {
            throw impossible(inputs, "axis \(axis) is outside a tensor of rank \(rank)")
        }
        return axis < 0 ? axis + rank : axis
    }

    func resolveAxis(_ axis: Int, rank: Int, _ inputs: [Tensor?], _ context: RunContext) throws -> Int {
        guard axis >= -rank, axis < rank else {
            throw context.invalid(self, inputs, "axis \(axis) is outside a tensor of rank \(rank)")
        }
        return axis < 0 ? axis + rank : axis
    }

    /// Axes without duplicates, counted from the front, sorted.
    func resolveAxes(_ axes: [Int], rank: Int, _ inputs: [InputInfo?]) throws -> [Int] {
        let resolved = try axes.map { try resolveAxis($0, rank: rank, inputs) }
        guard Set(resolved).count == resolved.count else { throw impossible(inputs, "an axis is named twice") }
        return resolved.sorted()
    }

    func resolveAxes(_ axes: [Int], rank: Int, _ inputs: [Tensor?], _ context: RunContext) throws -> [Int] {
        let resolved = try axes.map { try resolveAxis($0, rank: rank, inputs, context) }
        guard Set(resolved).count == resolved.count else {
            throw context.invalid(self, inputs, "an axis is named twice")
        }
        return resolved.sorted()
    }

    /// The broadcast shape of several inputs, as far as it is known.
    func broadcastType(_ inputs: [InputInfo?], of operands: [InputInfo]) throws -> [Dim]? {
        var result: [Dim] = []
        for operand in operands {
            guard let shape = operand.type.shape else { return nil }
            guard let next = broadcastDims(result, shape) else {
                throw impossible(inputs, "the shapes do not go together")
            }
            result = next
        }
        return result
    }

    func requireSameDType(_ inputs: [InputInfo?], _ operands: [InputInfo]) throws -> DType {
        guard let first = operands.first else { throw impossible(inputs, "there are no inputs") }
        for other in operands where other.type.dtype != first.type.dtype {
            throw impossible(
                inputs, "inputs are of different types, \(first.type.dtype.name) and \(other.type.dtype.name)")
        }
        return first.type.dtype
    }

    func requireInteger(_ inputs: [InputInfo?], _ operand: InputInfo, _ what: String) throws {
        guard operand.type.dtype.isInteger else {
            throw impossible(inputs, "\(what) must be integers, not \(operand.type.dtype.name)")
        }
    }

    func requireFloat(_ inputs: [InputInfo?], _ operand: InputInfo) throws {
        guard operand.type.dtype.isFloat else {
            throw impossible(inputs, "wants floats, not \(operand.type.dtype.name)")
        }
    }
}

extension InputInfo {
    /// The elements, if all are known numbers: of integer constants and of resolved shape computations.
    package var knownIntegers: [Int]? {
        if let integers {
            let fixed = integers.compactMap(\.fixedValue)
            return fixed.count == integers.count ? fixed : nil
        }
        return constant?.integerValues(limit: 4096)
    }

    /// The elements as dimensions, symbols included, if all of them are known.
    package var knownDims: [Dim]? {
        if let integers { return integers.contains(.unknown) ? nil : integers }
        return constant?.integerValues(limit: 4096)?.map(Dim.fixed)
    }
}

extension Tensor {
    /// The elements of an integer tensor of at most `limit` elements, in row-major order.
    package func integerValues(limit: Int = .max) -> [Int]? {
        guard count <= limit else { return nil }
        func all<T: TensorElement & FixedWidthInteger>(_ type: T.Type) -> [Int] {
            values(type).map { Int(truncatingIfNeeded: $0) }
        }
        switch dtype {
        case .int8: return all(Int8.self)
        case .uint8: return all(UInt8.self)
        case .int16: return all(Int16.self)
        case .uint16: return all(UInt16.self)
        case .int32: return all(Int32.self)
        case .uint32: return all(UInt32.self)
        case .int64: return all(Int64.self)
        case .uint64: return all(UInt64.self)
        default: return nil
        }
    }
}

extension GraphOp {
    /// Places along an axis of `length` elements, negative ones counted from the back. Throws for places outside.
    func places(_ indices: Tensor, in length: Int, _ inputs: [Tensor?], _ context: RunContext) throws -> [Int] {
        guard var values = indices.integerValues() else {
            throw context.invalid(self, inputs, "indices must be integers, not \(indices.dtype.name)")
        }
        for position in values.indices {
            let value = values[position]
            guard value >= -length, value < length else {
                throw context.invalid(self, inputs, "index \(value) is outside \(length) elements")
            }
            if value < 0 { values[position] = value + length }
        }
        return values
    }
}
