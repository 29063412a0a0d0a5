import MartletGraph
import MartletTensor

/// A packed-sequence graph that is being built from a folder's weights.
struct EncoderBuilder: PackedBuilder {
    var graph = Graph()
    let config: ModelConfig
    let weights: ModelWeights
    let ports: PackedInputPorts

    /// - Parameter hasTypes: whether the graph tells first and second texts apart.
    init(_ config: ModelConfig, _ weights: ModelWeights, hasTypes: Bool) {
        self.config = config
        self.weights = weights
        ports = PackedInputPorts(&graph, hasTypes: hasTypes)
    }

    /// The full name of an encoder's weight.
    func name(_ short: String) -> String { weights.prefix + short }

    mutating func parameter(_ name: String, _ shape: [Int]) throws -> ValueID {
        graph.addConstant(try weights.float(name, shape), name: name)
    }

    /// A large matrix as it is stored: mapped, of any float type.
    mutating func matrix(_ name: String, _ rows: Int, _ columns: Int) throws -> ValueID {
        graph.addConstant(try weights.stored(name, [rows, columns]), name: name)
    }

    /// activation(x × Wᵀ + b) + residual with `<name>.weight` [outputs, inputs] and `<name>.bias`.
    mutating func linear(
        _ x: ValueID, _ name: String, _ inputs: Int, _ outputs: Int, _ activation: Activation = .none,
        residual: ValueID? = nil
    ) throws -> ValueID {
        let weight = try matrix("\(name).weight", outputs, inputs)
        let bias = try parameter("\(name).bias", [outputs])
        let op = LinearOp(isTransposed: true, activation: activation)
        return try graph.add(op, [x, weight, bias] + (residual.map { [$0] } ?? []), name: name)[0]
    }

    mutating func layerNorm(_ x: ValueID, _ name: String, _ width: Int, _ epsilon: Float) throws -> ValueID {
        let gamma = try parameter("\(name).weight", [width])
        let beta = try parameter("\(name).bias", [width])
        return try graph.add(LayerNormOp(epsilon: epsilon), [x, gamma, beta], name: name)[0]
    }

    /// Word, position and, if `types` is not nil, type embeddings, summed and normed.
    ///
    /// - Parameter reserved: rows at the start of the position table that no token takes.
    mutating func embeddings(
        _ prefix: String, words: (Int, Int), positions: Int, reserved: Int = 0, types: Int?, epsilon: Float
    ) throws -> ValueID {
        let (vocabulary, width) = words
        guard positions > reserved else { throw config.wrong("max_position_embeddings", "it is \(positions)") }
        let table = try weights.stored("\(prefix)position_embeddings.weight", [positions, width])
        var operands: [ValueID?] = [
            try matrix("\(prefix)word_embeddings.weight", vocabulary, width), ids,
            graph.addConstant(table.rows(reserved..<positions), name: "\(prefix)position_embeddings.weight"),
            self.positions,
        ]
        if let types {
            operands += [try matrix("\(prefix)token_type_embeddings.weight", types, width), self.types]
        }
        operands.append(try parameter("\(prefix)LayerNorm.weight", [width]))
        operands.append(try parameter("\(prefix)LayerNorm.bias", [width]))
        let op = EmbeddingOp(tableCount: types == nil ? 2 : 3, epsilon: epsilon)
        return try graph.add(op, operands, name: "\(prefix)embeddings")[0]
    }

    /// Names of one layer's parts, which is where families differ.
    struct LayerNames {
        var query: String
        var key: String
        var value: String
        var attentionOutput: String
        var attentionNorm: String
        var intermediate: String
        var output: String
        var outputNorm: String
    }

    /// One layer of a post-norm encoder:
    /// y = norm(x + attention(x)), norm(y + W₂ act(W₁ y)).
    mutating func layer(
        _ x: ValueID, _ names: LayerNames, _ size: TransformerSize, bias: ValueID? = nil
    ) throws -> ValueID {
        let width = size.hidden
        let parts = [names.query, names.key, names.value]
        let matrices = try parts.map { try matrix("\($0).weight", width, width) }
        let biases = try parts.map { try parameter("\($0).bias", [width]) }
        let mixed = try graph.add(
            LinearOp(weightCount: 3, isTransposed: true), [x] + matrices + biases, name: names.query)[0]
        let attention = AttentionOp(heads: size.heads, scale: size.attentionScale, isPacked: true)
        let seen = try graph.add(attention, [mixed, nil, nil, bias, offsets, lengths], name: names.attentionOutput)[0]
        let attended = try linear(seen, names.attentionOutput, width, width, residual: x)
        let y = try layerNorm(attended, names.attentionNorm, width, size.epsilon)
        let inner = try linear(y, names.intermediate, width, size.intermediate, size.activation)
        let outer = try linear(inner, names.output, size.intermediate, width, residual: y)
        return try layerNorm(outer, names.outputNorm, width, size.epsilon)
    }
}
