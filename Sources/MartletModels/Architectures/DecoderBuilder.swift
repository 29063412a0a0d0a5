import MartletGraph
import MartletTensor

/// A packed-sequence graph of a decoder that is being built. Weights stay as they are stored.
struct DecoderBuilder: PackedBuilder {
    var graph = Graph()
    let ports: PackedInputPorts
    let family: DecoderFamily
    let size: DecoderSize
    private(set) var weights: any DecoderWeights
    /// Weights that were put in, tied ones once.
    private(set) var parameterCount = 0
    private(set) var weightBytes = 0
    private var matrices: [String: (weights: BlockWeights, value: ValueID)] = [:]

    init(_ family: DecoderFamily, _ size: DecoderSize, _ weights: any DecoderWeights) {
        self.family = family
        self.size = size
        self.weights = weights
        ports = PackedInputPorts(&graph, hasTypes: false)
    }

    private mutating func matrix(
        _ name: String, _ rows: Int, _ columns: Int
    ) throws -> (weights: BlockWeights, value: ValueID) {
        if let known = matrices[name] { return known }
        let stored = try weights.matrix(name, rows, columns)
        parameterCount += rows * columns
        weightBytes += stored.bytes.byteCount
        let entry = (stored.weights, graph.addConstant(stored.bytes, name: "\(name).weight"))
        matrices[name] = entry
        return entry
    }

    private mutating func vector(_ name: String, _ count: Int) throws -> ValueID {
        let tensor = try weights.vector(name, count)
        parameterCount += count
        weightBytes += tensor.byteCount
        return graph.addConstant(tensor, name: name)
    }

    mutating func linear(
        _ x: ValueID, _ name: String, _ inputs: Int, _ outputs: Int, _ activation: Activation = .none,
        residual: ValueID? = nil
    ) throws -> ValueID {
        let (form, bytes) = try matrix(name, outputs, inputs)
        let bias = weights.has("\(name).bias") ? try vector("\(name).bias", outputs) : nil
        let op = BlockLinearOp(form, activation: activation)
        return try graph.add(op, [x, bytes, nil, nil, bias, residual], name: name)[0]
    }

    private mutating func norm(_ x: ValueID, _ name: String, _ width: Int) throws -> ValueID {
        let gamma = try vector("\(name).weight", width)
        return try graph.add(RMSNormOp(epsilon: size.epsilon), [x, gamma], name: name)[0]
    }

    /// Each head of x [tokens, heads·d] normed by itself, if the files have a norm of that name.
    private mutating func headNorm(_ x: ValueID, _ name: String, heads: Int) throws -> ValueID {
        guard weights.has("\(name).weight") else { return x }
        let dim = Dim.fixed(size.headDim)
        let split = try graph.add(ReshapeOp([.fixed(0), .fixed(heads), dim]), x)
        let normed = try norm(split, name, size.headDim)
        return try graph.add(ReshapeOp([.fixed(0), .fixed(heads * size.headDim)]), normed)
    }

    /// States [tokens, hidden] after the last norm.
    mutating func states() throws -> ValueID {
        let (form, table) = try matrix("token_embd", size.vocabulary, size.hidden)
        var x = try graph.add(BlockEmbeddingOp(form), [ids, table, nil, nil], name: "token_embd")[0]
        if family.scalesEmbeddings {
            let factor = graph.addConstant(Tensor(scalar: Float(size.hidden).squareRoot()))
            x = try graph.add(BinaryOp(.mul), x, factor)
        }
        let rotation = size.rotation
        let factors = rotation.factors.map { graph.addConstant(Tensor(vector: $0), name: "rope factors") }
        let angles = try graph.add(
            RotaryTableOp(pairs: rotation.columns / 2, base: rotation.base, stretch: rotation.stretch),
            [positions, factors], name: "rope")
        for index in 0..<size.layers { x = try layer(x, "blk.\(index)", angles) }
        return try norm(x, "output_norm", size.hidden)
    }

    /// y = x + attention(norm(x)), y + W₃(act(W₁ norm(y)) ∘ W₂ norm(y)).
    private mutating func layer(_ x: ValueID, _ layer: String, _ angles: [ValueID]) throws -> ValueID {
        let (hidden, heads, kvHeads, dim) = (size.hidden, size.heads, size.kvHeads, size.headDim)
        let normed = try norm(x, "\(layer).attn_norm", hidden)
        var q = try linear(normed, "\(layer).attn_q", hidden, heads * dim)
        var k = try linear(normed, "\(layer).attn_k", hidden, kvHeads * dim)
        let v = try linear(normed, "\(layer).attn_v", hidden, kvHeads * dim)
        q = try headNorm(q, "\(layer).attn_q_norm", heads: heads)
        k = try headNorm(k, "\(layer).attn_k_norm", heads: kvHeads)
        func rotated(_ x: ValueID, heads: Int) throws -> ValueID {
            let op = RotaryOp(heads: heads, isInterleaved: size.rotation.isInterleaved)
            return try graph.add(op, [x] + angles, name: "\(layer).rope")[0]
        }
        q = try rotated(q, heads: heads)
        k = try rotated(k, heads: kvHeads)
        let attention = AttentionOp(
            heads: heads, scale: 1 / Float(dim).squareRoot(), isCausal: true, kvHeads: kvHeads, window: size.window)
        let seen = try graph.add(attention, [q, k, v, nil, offsets, lengths], name: "\(layer).attn")[0]
        let y = try linear(seen, "\(layer).attn_output", heads * dim, hidden, residual: x)
        let inner = try norm(y, "\(layer).ffn_norm", hidden)
        let gate = try linear(inner, "\(layer).ffn_gate", hidden, size.intermediate, family.activation)
        let up = try linear(inner, "\(layer).ffn_up", hidden, size.intermediate)
        let product = try graph.add(BinaryOp(.mul), gate, up)
        return try linear(product, "\(layer).ffn_down", size.intermediate, hidden, residual: y)
    }

    /// Logits [rows, vocabulary] of the token after each sequence, and each sequence's log-likelihood [rows].
    mutating func language(_ states: ValueID) throws -> (logits: ValueID, likelihood: ValueID) {
        let name = weights.has("output.weight") ? "output" : "token_embd"
        let (form, bytes) = try matrix(name, size.vocabulary, size.hidden)
        let last = try pool(states, .last)
        let logits = try graph.add(BlockLinearOp(form), [last, bytes], name: "logits")[0]
        let likelihood = try graph.add(
            BlockLikelihoodOp(form), [states, ids, offsets, lengths, bytes], name: "likelihood")[0]
        return (logits, likelihood)
    }

    /// Logits [rows, classes] of a sequence classifier: a product of the last token's state.
    mutating func classes(_ states: ValueID, _ count: Int) throws -> ValueID {
        try linear(try pool(states, .last), "score", size.hidden, count)
    }
}
