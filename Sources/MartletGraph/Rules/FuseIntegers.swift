import MartletTensor

/// Products of numbers that levels stand for are products of levels:
///
/// - MatMul((a - za) · sa, (w - zw) · sw) = IntegerMatMul(a, w) · sa · sw, for bytes with constant scales;
/// - Cast(IntegerMatMul) · s = IntegerMatMul with the scale s, and so with a bias after it;
/// - Quantize(IntegerMatMul · s, t) = IntegerMatMul with the scale s⁄t;
/// - Gather((table - z) · s, places) = (Gather(table, places) - z) · s, for one scale.
package struct FuseIntegers: GraphRule {
    package static let name = "fuse_integers"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        var count = 0
        var inserted: [Int: Graph.Node] = [:]
        for position in graph.nodes.indices {
            let node = graph.nodes[position]
            let matcher = GraphMatcher(graph)
            let found: (any GraphOp, [ValueID?])?
            switch node.op {
            case is MatMulOp: found = product(node, matcher, &graph)
            case is QuantizeOp: found = requantized(node, matcher, &graph)
            case let op as BinaryOp where op.kind == .mul: found = scaled(node, matcher)
            case let op as BinaryOp where op.kind == .add: found = biased(node, matcher)
            case let op as GatherOp:
                found = nil
                guard let (levels, inputs) = matcher.match(node.inputs[0], DequantizeOp.self), levels.axis == nil,
                    let gathered = try? graph.makeNode(op, [inputs[0], node.inputs[1]], name: node.name),
                    graph.rewriteNode(at: position, levels, [gathered.outputs[0]] + inputs.dropFirst())
                else { break }
                inserted[position] = gathered
                count += 1
            default: found = nil
            }
            if let (op, inputs) = found, graph.rewriteNode(at: position, op, inputs) { count += 1 }
        }
        if !inserted.isEmpty {
            graph.replaceNodes(
                graph.nodes.enumerated().flatMap { position, node in
                    (inserted[position].map { [$0] } ?? []) + [node]
                })
        }
        return count
    }

    private func product(
        _ node: Graph.Node, _ matcher: GraphMatcher, _ graph: inout Graph
    ) -> (any GraphOp, [ValueID?])? {
        guard let (left, a) = matcher.match(node.inputs[0], DequantizeOp.self), left.axis == nil,
            let (right, w) = matcher.match(node.inputs[1], DequantizeOp.self),
            let x = a[0], let y = w[0], graph.type(x).dtype.isByte, graph.type(y).dtype.isByte,
            right.axis == nil || isLastOfMatrix(right.axis, y, graph),
            let s = floats(a[1], matcher)?.first, let scales = floats(w[1], matcher)
        else { return nil }
        let scale = graph.addConstant(Tensor(vector: scales.map { $0 * s }))
        return (IntegerMatMulOp(.float32), [x, y, a.count > 2 ? a[2] : nil, w.count > 2 ? w[2] : nil, scale])
    }

    private func requantized(
        _ node: Graph.Node, _ matcher: GraphMatcher, _ graph: inout Graph
    ) -> (any GraphOp, [ValueID?])? {
        guard let op = node.op as? QuantizeOp, let made = node.inputs[0], matcher.isUsedOnce(made),
            let (product, given) = matcher.match(made, IntegerMatMulOp.self), product.output == .float32,
            given.count <= 5 || given[5] == nil,
            let scales = floats(given[4], matcher), let step = floats(node.inputs[1], matcher)?.first, step > 0
        else { return nil }
        var inputs = Array(given.prefix(4)) + [graph.addConstant(Tensor(vector: scales.map { $0 / step })), nil]
        inputs.append(node.inputs.count > 2 ? node.inputs[2] : nil)
        return (IntegerMatMulOp(op.dtype), inputs)
    }

    private func scaled(_ node: Graph.Node, _ matcher: GraphMatcher) -> (any GraphOp, [ValueID?])? {
        for (main, scale) in [(node.inputs[0], node.inputs[1]), (node.inputs[1], node.inputs[0])] {
            guard let main, let scale, matcher.isUsedOnce(main), let (cast, sums) = matcher.match(main, CastOp.self),
                cast.dtype == .float32, let sum = sums[0], matcher.isUsedOnce(sum),
                let (product, given) = matcher.match(sum, IntegerMatMulOp.self), product.output == .int32,
                isColumns(scale, of: main, matcher.graph)
            else { continue }
            let padded = given.prefix(4) + [ValueID?](repeating: nil, count: max(0, 4 - given.count))
            guard given.count <= 5 || given[5] == nil else { continue }
            return (IntegerMatMulOp(.float32), padded + [scale])
        }
        return nil
    }

    private func biased(_ node: Graph.Node, _ matcher: GraphMatcher) -> (any GraphOp, [ValueID?])? {
        for (main, bias) in [(node.inputs[0], node.inputs[1]), (node.inputs[1], node.inputs[0])] {
            guard let main, let bias, matcher.isUsedOnce(main),
                let (product, given) = matcher.match(main, IntegerMatMulOp.self), product.output == .float32,
                given.count == 5, let tensor = matcher.constant(bias), tensor.dtype == .float32, tensor.rank == 1,
                let width = matcher.graph.type(main).shape?.last, width == .fixed(tensor.count)
            else { continue }
            return (product, given + [bias])
        }
        return nil
    }

    private func isLastOfMatrix(_ axis: Int?, _ id: ValueID, _ graph: Graph) -> Bool {
        graph.type(id).rank == 2 && (axis == 1 || axis == -1)
    }

    /// One number, or one for each column of `value`, in shapes that add no dimension.
    private func isColumns(_ scale: ValueID, of value: ValueID, _ graph: Graph) -> Bool {
        guard graph.type(scale).dtype == .float32, let shape = graph.type(scale).fixedShape,
            let rank = graph.type(value).rank, shape.count <= rank
        else { return false }
        if shape.allSatisfy({ $0 == 1 }) { return true }
        return shape.count == 1 && graph.type(value).shape?.last == .fixed(shape[0])
    }

    private func floats(_ id: ValueID?, _ matcher: GraphMatcher) -> [Float]? {
        guard let tensor = matcher.constant(id), tensor.dtype == .float32, tensor.count > 0 else { return nil }
        return tensor.values(Float.self)
    }
}
