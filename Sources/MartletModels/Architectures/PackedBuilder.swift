import MartletGraph

/// The inputs of a packed-sequence graph, which every architecture has.
struct PackedInputPorts {
    let ids: ValueID
    let types: ValueID?
    let positions: ValueID
    let offsets: ValueID
    let lengths: ValueID
    let inputs: [ModelInput]

    /// - Parameter hasTypes: whether the graph tells first and second texts apart.
    init(_ graph: inout Graph, hasTypes: Bool) {
        var inputs: [ModelInput] = []
        func add(_ name: String, _ role: ModelInput.Role, _ dim: Dim) -> ValueID {
            let type = ValueType(.int32, [dim])
            inputs.append(ModelInput(name: name, role: role, type: type))
            return graph.addInput(name, type)
        }
        ids = add(PackedInputs.ids, .tokenIDs, .symbol("tokens"))
        types = hasTypes ? add(PackedInputs.types, .tokenTypes, .symbol("tokens")) : nil
        positions = add(PackedInputs.positions, .tokenPositions, .symbol("tokens"))
        offsets = add(PackedInputs.offsets, .sequenceOffsets, .unknown)
        lengths = add(PackedInputs.lengths, .sequenceLengths, .symbol("rows"))
        self.inputs = inputs
    }
}

/// A packed-sequence graph that is being built.
protocol PackedBuilder {
    var graph: Graph { get set }
    var ports: PackedInputPorts { get }
}

extension PackedBuilder {
    var ids: ValueID { ports.ids }
    var types: ValueID? { ports.types }
    var positions: ValueID { ports.positions }
    var offsets: ValueID { ports.offsets }
    var lengths: ValueID { ports.lengths }
    var inputs: [ModelInput] { ports.inputs }

    /// One vector for each sequence.
    mutating func pool(_ states: ValueID, _ pooling: Pooling) throws -> ValueID {
        let kind: SegmentReduceOp.Kind =
            switch pooling {
            case .mean: .mean
            case .cls: .first
            case .max: .max
            case .meanSqrt: .meanSqrt
            case .last: .last
            }
        return try graph.add(SegmentReduceOp(kind), [states, offsets, lengths], name: "pooling")[0]
    }
}
