import MartletTensor

/// BatchNorm(Conv(x, w, b)) = Conv(x, w·f, b·f + c) with f = scale ⁄ √(variance + ε), c = shift − mean·f; likewise Conv(x, w, b) · f
/// and Conv(x, w, b) + c for constants of one number for each channel; likewise for transposed convolutions.
package struct FoldBatchNorm: GraphRule {
    package static let name = "fold_batch_norm"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        var matcher = GraphMatcher(graph)
        for position in graph.nodes.indices {
            let node = graph.nodes[position]
            guard let (main, map) = channelMap(node, matcher), matcher.isUsedOnce(main),
                let folded = fold(map, into: main, matcher)
            else { continue }
            let w = folded.weights.map { graph.addConstant($0) } ?? folded.inputs[1]
            let bias = folded.bias.map { graph.addConstant($0) }
            guard graph.rewriteNode(at: position, folded.op, [folded.inputs[0], w, bias]) else { continue }
            count += 1
            matcher = GraphMatcher(graph)
        }
        return count
    }

    /// y · factor + shift for each channel, nil for no factor or shift.
    private struct ChannelMap {
        var factor: [Float]?
        var shift: [Float]?
    }

    /// The map that a node is, and the value that it maps.
    private func channelMap(_ node: Graph.Node, _ matcher: GraphMatcher) -> (ValueID, ChannelMap)? {
        if let norm = node.op as? BatchNormOp, node.inputs.count == 5, let x = node.inputs[0] {
            let vectors = node.inputs[1...].compactMap { id -> [Float]? in
                guard let tensor = matcher.constant(id), tensor.dtype == .float32, tensor.rank == 1 else { return nil }
                return tensor.values(Float.self)
            }
            guard vectors.count == 4, Set(vectors.map(\.count)).count == 1 else { return nil }
            let factor = zip(vectors[0], vectors[3]).map {
                Float(Double($0) / (Double($1) + Double(norm.epsilon)).squareRoot())
            }
            let shift = vectors[1].indices.map { vectors[1][$0] - vectors[2][$0] * factor[$0] }
            return (x, ChannelMap(factor: factor, shift: shift))
        }
        guard let op = node.op as? BinaryOp, let a = node.inputs[0], let b = node.inputs[1] else { return nil }
        let (main, other) = matcher.constant(a) == nil ? (a, b) : (b, a)
        guard let channels = matcher.outputChannels(main),
            let vector = matcher.channelVector(other, channels: channels, rank: matcher.graph.type(main).rank)
        else { return nil }
        switch op.kind {
        case .add: return (main, ChannelMap(shift: vector))
        case .sub where main == a: return (main, ChannelMap(shift: vector.map { -$0 }))
        case .mul: return (main, ChannelMap(factor: vector))
        case .div where main == a && vector.allSatisfy({ $0 != 0 }):
            return (main, ChannelMap(factor: vector.map { 1 / $0 }))
        default: return nil
        }
    }

    private struct Folded {
        var op: any GraphOp
        var inputs: [ValueID?]
        /// nil if they stay.
        var weights: Tensor?
        var bias: Tensor?
    }

    private func fold(_ map: ChannelMap, into main: ValueID, _ matcher: GraphMatcher) -> Folded? {
        guard let node = matcher.node(main), let channels = matcher.outputChannels(main),
            let w = matcher.constant(node.inputs[1]), w.dtype == .float32, w.rank >= 2,
            map.factor.map({ $0.count == channels }) ?? true, map.shift.map({ $0.count == channels }) ?? true
        else { return nil }
        var bias: [Float]?
        if node.inputs.count > 2, let id = node.inputs[2] {
            guard let tensor = matcher.constant(id), tensor.dtype == .float32, tensor.count == channels else {
                return nil
            }
            bias = tensor.values(Float.self)
        }
        var folded = Folded(op: node.op, inputs: node.inputs)
        if let factor = map.factor {
            // Output channels are the first axis, or of a transposed convolution the second one within a group of the first.
            var numbers = w.values(Float.self)
            let inner = w.shape[2...].reduce(1, *)
            let groups = (node.op as? ConvTransposeOp)?.groups
            let perGroup = groups.map { w.shape[0] / max($0, 1) } ?? 0
            guard groups == nil || perGroup > 0 else { return nil }
            for index in numbers.indices {
                let channel =
                    groups == nil
                    ? index / (inner * w.shape[1])
                    : index / (inner * w.shape[1]) / perGroup * w.shape[1] + index / inner % w.shape[1]
                numbers[index] *= factor[channel]
            }
            folded.weights = Tensor(numbers, shape: w.shape)
            bias = bias.map { zip($0, factor).map { $0 * $1 } }
        }
        if let shift = map.shift { bias = bias.map { zip($0, shift).map { $0 + $1 } } ?? shift }
        folded.bias = bias.map { Tensor(vector: $0) }
        return folded
    }
}

extension GraphMatcher {
    /// The channels that a convolution without activation or residual makes; nil for other values.
    fileprivate func outputChannels(_ id: ValueID) -> Int? {
        guard let node = node(id), node.inputs.count <= 3 else { return nil }
        guard let w = constant(node.inputs.count > 1 ? node.inputs[1] : nil), w.rank >= 2, w.count > 0 else {
            return nil
        }
        if let op = node.op as? ConvOp {
            return op.activation == nil && op.scale == 1 && op.shift == 0 ? w.shape[0] : nil
        }
        guard let op = node.op as? ConvTransposeOp, op.groups > 0, op.groups <= w.shape[0] else { return nil }
        return w.shape[1] * op.groups
    }

    /// A constant that broadcasts along axis 1 of a value of `rank` axes and adds none, as one number for each channel.
    fileprivate func channelVector(_ id: ValueID, channels: Int, rank: Int?) -> [Float]? {
        guard let rank, let tensor = constant(id), tensor.dtype == .float32, tensor.rank <= rank else { return nil }
        if tensor.count == 1 { return [Float](repeating: tensor.values(Float.self)[0], count: channels) }
        let axis = tensor.rank - rank + 1
        guard axis >= 0, tensor.count == channels, tensor.shape[axis] == channels else { return nil }
        return tensor.values(Float.self)
    }
}
