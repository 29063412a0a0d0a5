import MartletTensor

/// A graph as rules look at it: from a value to what computes it.
struct GraphMatcher {
    let graph: Graph
    private let producers: [Int32]
    private let uses: [Int]

    init(_ graph: Graph) {
        self.graph = graph
        var producers = [Int32](repeating: -1, count: graph.values.count)
        for (position, node) in graph.nodes.enumerated() {
            for id in node.outputs { producers[id.index] = Int32(position) }
        }
        self.producers = producers
        uses = graph.useCounts()
    }

    func isUsedOnce(_ id: ValueID) -> Bool { uses[id.index] == 1 }
    func isUsed(_ id: ValueID) -> Bool { uses[id.index] > 0 }

    /// The position of the node that computes a value; nil for inputs and constants.
    func position(_ id: ValueID?) -> Int? {
        guard let id, id.index < producers.count, producers[id.index] >= 0 else { return nil }
        return Int(producers[id.index])
    }

    func node(_ id: ValueID?) -> Graph.Node? { position(id).map { graph.nodes[$0] } }

    /// The op and inputs behind a value, if it is output 0 of an op of this kind.
    func match<Op: GraphOp>(_ id: ValueID?, _ type: Op.Type) -> (op: Op, inputs: [ValueID?])? {
        guard let node = node(id), let op = node.op as? Op, node.outputs[0] == id else { return nil }
        return (op, node.inputs)
    }

    func binary(_ id: ValueID?, _ kind: BinaryOp.Kind) -> (ValueID, ValueID)? {
        guard let (op, inputs) = match(id, BinaryOp.self), op.kind == kind, let x = inputs[0], let y = inputs[1] else {
            return nil
        }
        return (x, y)
    }

    func unary(_ id: ValueID?, _ kind: UnaryOp.Kind) -> ValueID? {
        guard let (op, inputs) = match(id, UnaryOp.self), op.kind == kind else { return nil }
        return inputs[0]
    }

    func constant(_ id: ValueID?) -> Tensor? { id.flatMap(graph.constant) }

    /// The number that a constant float or integer tensor of at most `limit` elements holds in every place.
    func uniform(_ id: ValueID?, limit: Int = 65536) -> Double? {
        guard let tensor = constant(id), tensor.count > 0, tensor.count <= limit,
            tensor.dtype != .bool, let numbers = try? tensor.aligned().converted(to: .float64).values(Double.self)
        else { return nil }
        let first = numbers[0]
        return numbers.allSatisfy { $0 == first } ? first : nil
    }

    /// Whether an operand adds no dimension to a value of the type of `other`: the result has the type of `other`.
    func keepsShape(_ result: ValueID, of other: ValueID) -> Bool {
        let type = graph.type(result)
        return type == graph.type(other) && type.shape?.contains(.unknown) == false
    }

    /// Whether a value is computed from `x` and constants of one element only, element by element: then it has x's shape,
    /// even where that is not known.
    func isPointwise(_ id: ValueID, of x: ValueID, depth: Int = 0) -> Bool {
        guard id != x else { return true }
        if let tensor = constant(id) { return tensor.count == 1 && tensor.rank <= graph.type(x).rank ?? -1 }
        guard depth < 16, let node = node(id), node.op is UnaryOp || node.op is BinaryOp else { return false }
        return node.inputs.allSatisfy { $0.map { isPointwise($0, of: x, depth: depth + 1) } ?? false }
    }

    /// A constant float vector along the last axis of `length`: shape [length], or with leading ones. As a vector.
    func lastAxisVector(_ id: ValueID?, length: Int?) -> Tensor? {
        guard let tensor = constant(id), tensor.dtype == .float32, let last = tensor.shape.last, last == tensor.count,
            length == nil || length == last
        else { return nil }
        return tensor.reshaped([last])
    }
}
