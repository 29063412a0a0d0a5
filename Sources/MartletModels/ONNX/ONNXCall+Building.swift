import MartletGraph
import MartletTensor

extension ONNXCall {
    /// Adds an op of one output.
    func emit(_ op: any GraphOp, _ inputs: ValueID?...) throws -> ValueID { try emitAll(op, inputs)[0] }

    /// Adds an op. If all its inputs are small constants, its results become constants at once: operators take
    /// axes, shapes and branch conditions as inputs, and those must be known while the graph is built.
    func emitAll(_ op: any GraphOp, _ inputs: [ValueID?]) throws -> [ValueID] {
        if let folded = fold(op, inputs) { return folded }
        return try importer.graph.add(op, inputs, name: node.label)
    }

    /// Total bytes of inputs, and of results, that are folded while importing; the rest is left to the graph's rules.
    static let foldLimit = 1 << 14

    private func fold(_ op: any GraphOp, _ inputs: [ValueID?]) -> [ValueID]? {
        var small = Graph()
        var bytes = 0
        var constants: [ValueID?] = []
        for input in inputs {
            guard let input else {
                constants.append(nil)
                continue
            }
            guard let tensor = importer.graph.constant(input) else { return nil }
            bytes += tensor.byteCount
            guard bytes <= Self.foldLimit else { return nil }
            constants.append(small.addConstant(tensor))
        }
        guard inputs.contains(where: { $0 != nil }), let results = try? small.add(op, constants) else { return nil }
        for result in results {
            guard let shape = small.type(result).fixedShape,
                let size = try? Tensor.byteCount(small.type(result).dtype, shape: shape), size <= Self.foldLimit
            else { return nil }
            small.addOutput("", result)
        }
        defer { importer.foldingContext.shareWork() }
        guard let tensors = try? CompiledGraph(small).run([], importer.foldingContext) else { return nil }
        return tensors.map { importer.graph.addConstant($0, name: node.label) }
    }

    func constant(_ tensor: Tensor) -> ValueID { importer.graph.addConstant(tensor, name: node.label) }

    func constant(ints: [Int]) -> ValueID { constant(Tensor(vector: ints.map(Int64.init))) }

    /// A scalar of a dtype.
    func constant(_ value: Double, _ dtype: DType) throws -> ValueID {
        let float = constant(Tensor(scalar: value))
        return dtype == .float64 ? float : try cast(float, to: dtype)
    }

    /// A float of 8 or fewer bits as float32; anything else as it is.
    func widened(_ value: ValueID) throws -> ValueID {
        switch dtype(value) {
        case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0, .float4e2m1:
            try cast(value, to: .float32)
        default: value
        }
    }

    /// An operator on integers and bools by way of float64, which holds integers up to 2^53.
    func inFloats(_ x: ValueID, _ build: (ValueID) throws -> ValueID) throws -> ValueID {
        let given = dtype(x)
        guard given.isInteger || given == .bool else { return try build(x) }
        return try cast(build(cast(x, to: .float64)), to: given)
    }

    func cast(
        _ value: ValueID, to dtype: DType, rounding: CastOp.Rounding = CastOp.Rounding()
    ) throws -> ValueID {
        self.dtype(value) == dtype ? value : try emit(CastOp(dtype, rounding: rounding), value)
    }
}

extension Tensor {
    /// The elements of an integer or bool tensor; nil for others and for numbers that do not fit.
    var integerElements: [Int]? {
        let tensor = aligned()
        return withExtendedLifetime(tensor) {
            switch dtype {
            case .int64: return tensor.elements(Int64.self).map(Int.init)
            case .int32: return tensor.elements(Int32.self).map(Int.init)
            case .int16: return tensor.elements(Int16.self).map(Int.init)
            case .int8: return tensor.elements(Int8.self).map(Int.init)
            case .uint8: return tensor.elements(UInt8.self).map(Int.init)
            case .uint16: return tensor.elements(UInt16.self).map(Int.init)
            case .uint32: return tensor.elements(UInt32.self).map(Int.init)
            case .uint64:
                let values = tensor.elements(UInt64.self).compactMap { Int(exactly: $0) }
                return values.count == count ? values : nil
            case .bool:
                return UnsafeRawBufferPointer(start: tensor.pointer, count: count).map { $0 == 0 ? 0 : 1 }
            default: return nil
            }
        }
    }

    /// The single element as a double; nil for half-precision tensors.
    var scalarDouble: Double? {
        guard count == 1 else { return nil }
        let tensor = aligned()
        return withExtendedLifetime(tensor) {
            switch dtype {
            case .float32: Double(tensor.elements(Float.self)[0])
            case .float64: tensor.elements(Double.self)[0]
            default: integerElements?.first.map(Double.init)
            }
        }
    }
}
