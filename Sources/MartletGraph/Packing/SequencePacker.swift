import MartletTensor

/// The abstract interpretation behind `packSequences`: walks the old graph and builds the new one.
struct SequencePacker {
    let old: Graph
    var new = Graph()
    /// Form of each old value by index; nil if it is not understood.
    var forms: [PackedForm?]
    let batch: Dim
    let seq: Dim
    private(set) var positions: ValueID?
    private(set) var offsets: ValueID?
    private(set) var lengths: ValueID?
    private var materialized: [String: ValueID] = [:]
    /// Comparisons of ids with the padding id, found on the way to a running sum (RoBERTa's positions).
    private let paddingTests: Set<ValueID>

    let tokens = Dim.symbol(PackedSymbols.tokens)
    let rows = Dim.symbol(PackedSymbols.rows)

    /// nil unless the ids are an integer input [batch, seq] with two different symbols.
    init?(_ graph: Graph, ids: String) {
        guard let port = graph.inputs.first(where: { $0.name == ids }), graph.type(port.value).dtype.isInteger,
            let shape = graph.type(port.value).shape, shape.count == 2, case .symbol(let first) = shape[0],
            case .symbol(let second) = shape[1], first != second
        else { return nil }
        old = graph
        batch = shape[0]
        seq = shape[1]
        forms = [PackedForm?](repeating: nil, count: graph.values.count)
        paddingTests = Self.findPaddingTests(graph, port.value)
        for (index, value) in graph.values.enumerated() {
            guard let constant = value.constant else { continue }
            // Constants that look uniform are handled as such only where they must be: see `scalar(of:)`.
            forms[index] = .fixed(new.addConstant(constant, name: value.name))
        }
    }

    // MARK: Inputs

    mutating func bindTokens(_ port: Graph.Port) {
        let type = old.type(port.value)
        guard type.shape == [batch, seq] else { return }
        forms[port.value.index] = .tokenwise(new.addInput(port.name, ValueType(type.dtype, [tokens])))
    }

    mutating func bindMask(_ port: Graph.Port) {
        let type = old.type(port.value)
        guard type.shape == [batch, seq], let one = try? Tensor(scalar: Int64(1)).converted(to: type.dtype) else {
            return
        }
        forms[port.value.index] = ScalarValue(one).map { .uniform($0) }
    }

    mutating func bindPositions(_ port: Graph.Port) {
        guard let shape = old.type(port.value).shape, shape.last == seq, shape.count <= 2 else { return }
        forms[port.value.index] = .place(start: 0)
    }

    mutating func addSequenceInputs() {
        positions = new.addInput(PackedInputs.positions, ValueType(.int32, [tokens]))
        offsets = new.addInput(PackedInputs.offsets, ValueType(.int32, [.unknown]))
        lengths = new.addInput(PackedInputs.lengths, ValueType(.int32, [rows]))
    }

    // MARK: Looking at old values

    func form(_ id: ValueID?) -> PackedForm? { id.flatMap { forms[$0.index] } }
    func shape(_ id: ValueID) -> [Dim]? { old.type(id).shape }

    /// Whether a dimension depends on batch or sequence.
    func varies(_ dim: Dim) -> Bool {
        guard let product = DimProduct(dim) else { return true }
        return !product.symbols.isEmpty
    }

    /// The dimensions after the sequence's, if a shape is laid out one row per token.
    func tokenRest(_ shape: [Dim]) -> [Dim]? {
        let rest: ArraySlice<Dim>
        if shape.count >= 2, shape[0] == batch || shape[0] == .fixed(1), shape[1] == seq {
            rest = shape[2...]
        } else if let first = shape.first, first == seq || first == batch * seq {
            rest = shape[1...]
        } else {
            return nil
        }
        return rest.contains(where: varies) ? nil : Array(rest)
    }

    /// The dimensions after the batch's, if a shape is laid out one row per sequence.
    func rowRest(_ shape: [Dim]) -> [Dim]? {
        guard shape.first == batch, !shape.dropFirst().contains(where: varies) else { return nil }
        return Array(shape.dropFirst())
    }

    /// The one number that a value holds, if it is known to be the same everywhere.
    func scalar(of id: ValueID?) -> ScalarValue? {
        guard let id else { return nil }
        if case .uniform(let value) = forms[id.index] { return value }
        guard let tensor = old.constant(id)?.aligned(), tensor.count > 0, tensor.byteCount <= 1 << 16,
            let first = ScalarValue(tensor)
        else { return nil }
        let bytes = UnsafeRawBufferPointer(start: tensor.pointer, count: tensor.byteCount)
        let size = tensor.dtype.size
        for index in bytes.indices where bytes[index] != bytes[index % size] { return nil }
        return first
    }

    // MARK: Building new values

    func isTokenwise(_ id: ValueID) -> Bool {
        switch forms[id.index] {
        case .tokenwise, .place: true
        default: false
        }
    }

    /// The [tokens, rest…] value, made from positions if need be.
    ///
    /// - Parameter asIndex: whether any integer type will do.
    mutating func tokenValue(_ id: ValueID, asIndex: Bool = false) throws -> ValueID? {
        switch forms[id.index] {
        case .tokenwise(let value): return value
        case .place(let start): return try places(from: start, asIndex ? .int32 : old.type(id).dtype)
        default: return nil
        }
    }

    private mutating func places(from start: Int, _ dtype: DType) throws -> ValueID? {
        let key = "\(start) \(dtype.name)"
        if let known = materialized[key] { return known }
        guard var value = positions, let shift = Int32(exactly: start) else { return nil }
        if start != 0 { value = try new.add(BinaryOp(.add), value, new.addConstant(Tensor(scalar: shift))) }
        if dtype != .int32 { value = try new.add(CastOp(dtype), value) }
        materialized[key] = value
        return value
    }

    /// Number of tokens of each sequence times `factor`, float or integer, with the type of the old value [batch, …].
    mutating func tokenCounts(_ factor: ScalarValue, as result: ValueID) throws -> PackedForm? {
        guard let lengths, let rest = shape(result).flatMap(rowRest) else { return nil }
        var value = try new.add(CastOp(factor.dtype), lengths)
        value = try new.add(BinaryOp(.mul), value, new.addConstant(try factor.filled([])))
        value = try new.add(ReshapeOp([rows] + [Dim](repeating: .fixed(1), count: rest.count)), value)
        if rest.contains(where: { $0 != .fixed(1) }) { value = try new.add(ExpandOp([rows] + rest), value) }
        return .rowwise(value)
    }

    func sequenceInputs() -> [ValueID?] { [offsets, lengths] }

    // MARK: The walk

    mutating func rewrite(_ node: Graph.Node) throws {
        let results: [PackedForm]?
        do {
            results = try transfer(node)
        } catch is GraphError {
            // A rewritten node that does not type check was not understood after all.
            results = nil
        }
        guard let results, results.count == node.outputs.count else { return }
        for (id, form) in zip(node.outputs, results) { forms[id.index] = form }
    }

    func isPaddingTest(_ id: ValueID) -> Bool { paddingTests.contains(id) }

    mutating func finish() throws -> PackedGraph? {
        var kinds: [PackedGraph.OutputKind] = []
        for port in old.outputs {
            switch forms[port.value.index] {
            case .tokenwise, .place:
                guard let value = try tokenValue(port.value) else { return nil }
                new.addOutput(port.name, value)
                kinds.append(.tokenwise)
            case .rowwise(let value):
                new.addOutput(port.name, value)
                kinds.append(.rowwise)
            case .uniform, .fixed, nil: return nil
            }
        }
        return PackedGraph(graph: new, outputs: kinds)
    }

    /// Comparisons of the ids with one number on whose outcome a running sum depends: tokens against padding.
    private static func findPaddingTests(_ graph: Graph, _ ids: ValueID) -> Set<ValueID> {
        let matcher = GraphMatcher(graph)
        var found = Set<ValueID>()
        for node in graph.nodes where node.op is CumSumOp {
            var current = node.inputs[0]
            for _ in 0..<8 {
                guard let id = current, let producer = matcher.node(id) else { break }
                if producer.op is CompareOp {
                    if producer.inputs.contains(ids), producer.inputs.contains(where: { matcher.uniform($0) != nil }) {
                        found.insert(id)
                    }
                    break
                }
                current = producer.inputs.first ?? nil
            }
        }
        return found
    }
}
