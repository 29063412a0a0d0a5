import MartletData
import MartletGraph
import MartletPlanner
import MartletTensor

/// Builds the tensor ops of expressions into a region's graph. Values are rows × shape.
struct GraphLowering: TensorLowering {
    private(set) var graph: Graph
    /// Value and type of one row behind each handle.
    private var values: [(value: ValueID, type: DataType)] = []

    init(_ graph: Graph) { self.graph = graph }

    mutating func handle(_ value: ValueID, _ type: DataType) -> TensorHandle {
        values.append((value, type))
        return TensorHandle(values.count - 1)
    }

    func value(_ handle: TensorHandle) -> ValueID { values[handle.number].value }

    /// Runs `body` on the graph itself.
    mutating func building<R>(_ body: (inout Graph) throws -> R) rethrows -> R { try body(&graph) }

    func type(of x: TensorHandle) -> DataType { values[x.number].type }

    mutating func constant(_ value: Double) throws -> TensorHandle {
        handle(graph.addConstant(Tensor(scalar: Float(value))), .float)
    }

    mutating func unary(_ op: TensorUnary, _ x: TensorHandle) throws -> TensorHandle {
        let kind: UnaryOp.Kind =
            switch op {
            case .negate: .neg
            case .abs: .abs
            case .sqrt: .sqrt
            case .exp: .exp
            case .ln: .log
            case .sigmoid: .sigmoid
            case .relu: .relu
            case .tanh: .tanh
            }
        return handle(try graph.add(UnaryOp(kind), value(x)), type(of: x))
    }

    mutating func binary(_ op: TensorBinary, _ a: TensorHandle, _ b: TensorHandle) throws -> TensorHandle {
        let kind: BinaryOp.Kind =
            switch op {
            case .add: .add
            case .subtract: .sub
            case .multiply: .mul
            case .divide: .div
            case .minimum: .min
            case .maximum: .max
            }
        let rank = max(rowShape(a).count, rowShape(b).count)
        let type = rowShape(a).count >= rowShape(b).count ? type(of: a) : type(of: b)
        return handle(try graph.add(BinaryOp(kind), try raised(a, to: rank), try raised(b, to: rank)), type)
    }

    mutating func softmax(_ x: TensorHandle, axis: Int) throws -> TensorHandle {
        handle(try graph.add(SoftmaxOp(axis: axis + 1), value(x)), type(of: x))
    }

    mutating func reduce(_ kind: TensorReduction, _ x: TensorHandle, axis: Int, keep: Bool) throws -> TensorHandle {
        let op: ReduceOp.Kind =
            switch kind {
            case .sum: .sum
            case .mean: .mean
            case .minimum: .min
            case .maximum: .max
            }
        let value = try graph.add(ReduceOp(op, axes: [axis + 1], keepDims: keep), value(x))
        return handle(value, reducedType(x, axis: axis, keep: keep, dtype: .float32))
    }

    mutating func argmax(_ x: TensorHandle, axis: Int) throws -> TensorHandle {
        let value = try graph.add(ArgReduceOp(.max, axis: axis + 1, keepDims: false), value(x))
        return handle(value, reducedType(x, axis: axis, keep: false, dtype: .int64))
    }

    mutating func normalize(_ x: TensorHandle) throws -> TensorHandle {
        handle(try graph.add(NormalizeOp(), value(x)), type(of: x))
    }

    mutating func slice(_ x: TensorHandle, axis: Int, _ range: Range<Int>) throws -> TensorHandle {
        var dims = rowShape(x)
        dims[axis] = .fixed(range.count)
        let cut = SliceOp.Range(axis: axis + 1, start: .fixed(range.lowerBound), end: .fixed(range.upperBound))
        return handle(try graph.add(SliceOp([cut]), value(x)), .tensor(.float32, dims))
    }

    mutating func concat(_ parts: [TensorHandle], axis: Int) throws -> TensorHandle {
        var dims = parts.first.map(rowShape) ?? []
        let sizes = parts.map { rowShape($0)[axis].size }
        dims[axis] = sizes.contains(nil) ? .unknown : .fixed(sizes.reduce(0) { $0 + ($1 ?? 0) })
        return handle(try graph.add(ConcatOp(axis: axis + 1), parts.map { value($0) })[0], .tensor(.float32, dims))
    }

    mutating func reshape(_ x: TensorHandle, shape: [Int]) throws -> TensorHandle {
        let rows = graph.type(value(x)).shape?.first ?? .unknown
        let target = [rows == .unknown ? .fixed(-1) : rows] + shape.map { Dim.fixed($0) }
        return handle(try graph.add(ReshapeOp(target), value(x)), .tensor(.float32, shape: shape))
    }

    mutating func transpose(_ x: TensorHandle, permutation: [Int]) throws -> TensorHandle {
        let dims = rowShape(x)
        return handle(
            try graph.add(TransposeOp([0] + permutation.map { $0 + 1 }), value(x)),
            .tensor(.float32, permutation.map { dims[$0] }))
    }

    /// A call of the function table in tensor ops; nil if the function or its arguments have none.
    ///
    /// - Parameter lower: the same for an argument that is not constant.
    mutating func apply(
        _ call: FunctionCall, _ lower: (BoundExpr, inout GraphLowering) throws -> TensorHandle?
    ) throws -> TensorHandle? {
        guard let rule = call.function.lower else { return nil }
        var arguments: [LoweringArgument] = []
        for argument in call.arguments {
            if let value = argument.constantValue {
                arguments.append(.constant(value))
            } else if let handle = try lower(argument, &self) {
                arguments.append(.tensor(handle))
            } else {
                return nil
            }
        }
        var opened: any TensorLowering = self
        let result = try rule(&opened, arguments)
        guard let built = opened as? GraphLowering else { preconditionFailure("bug: the lowering was exchanged") }
        self = built
        return result
    }

    // MARK: Shapes of one row

    private func rowShape(_ x: TensorHandle) -> [Dimension] {
        if case .tensor(_, let dims) = type(of: x) { dims } else { [] }
    }

    private func reducedType(_ x: TensorHandle, axis: Int, keep: Bool, dtype: DType) -> DataType {
        var dims = rowShape(x)
        if keep { dims[axis] = .fixed(1) } else { dims.remove(at: axis) }
        guard dims.isEmpty else { return .tensor(dtype, dims) }
        return dtype == .int64 ? .int : .float
    }

    /// [rows] as [rows, 1, …] so that it broadcasts over one row's elements; constants stay as they are.
    private mutating func raised(_ x: TensorHandle, to rank: Int) throws -> ValueID {
        let id = value(x)
        guard graph.constant(id) == nil, rowShape(x).isEmpty, rank > 0 else { return id }
        return try graph.add(UnsqueezeOp(axes: (1...rank).map { $0 }), id)
    }
}
