import MartletTensor

/// Reshape(x, s) = Reshape[s](x) when s follows from shapes, and likewise Expand, Slice, ConstantOfShape, Squeeze, Unsqueeze,
/// Reduce, Tile, Pad, Split, TopK; a vector of lengths computed in several steps is one `Dims`.
package struct FoldShapes: GraphRule {
    package static let name = "fold_shapes"
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        let bound = Set(
            graph.inputs.flatMap { graph.type($0.value).shape ?? [] }.compactMap(DimProduct.init).flatMap(\.symbols))
        func canResolve(_ dims: [Dim]) -> Bool {
            dims.allSatisfy { DimProduct($0).map { bound.isSuperset(of: $0.symbols) } ?? false }
        }
        var count = 0
        for position in graph.nodes.indices {
            let node = graph.nodes[position]
            let infos = node.inputs.map { $0.map(graph.info) }
            if let (op, inputs) = withAttributes(node, infos, canResolve) {
                if graph.rewriteNode(at: position, op, inputs) { count += 1 }
                continue
            }
            guard node.outputs.count == 1, !(node.op is DimsOp), !node.inputs.isEmpty else { continue }
            let value = graph.values[node.outputs[0].index]
            guard let dims = value.integers, value.constant == nil, dims.contains(where: { $0.fixedValue == nil }),
                canResolve(dims), value.type.dtype == .int64 || value.type.dtype == .int32, let rank = value.type.rank,
                rank == 1 || rank == 0 && dims.count == 1
            else { continue }
            let op = DimsOp(dims, isScalar: rank == 0, dtype: value.type.dtype)
            if graph.rewriteNode(at: position, op, []) { count += 1 }
        }
        return count
    }

    private func withAttributes(
        _ node: Graph.Node, _ infos: [InputInfo?], _ canResolve: ([Dim]) -> Bool
    ) -> (any GraphOp, [ValueID?])? {
        func dims(_ index: Int) -> [Dim]? {
            guard index < infos.count, let known = infos[index]?.knownDims, canResolve(known) else { return nil }
            return known
        }
        func integers(_ index: Int) -> [Int]? { index < infos.count ? infos[index]?.knownIntegers : nil }
        let x = node.inputs.first ?? nil
        switch node.op {
        case let op as ReshapeOp where op.target == nil:
            return dims(1).map { (ReshapeOp($0, allowZero: op.allowZero), [x]) }
        case let op as ExpandOp where op.target == nil: return dims(1).map { (ExpandOp($0), [x]) }
        case let op as ConstantOfShapeOp where op.target == nil:
            return dims(0).map { (ConstantOfShapeOp(op.value, target: $0), []) }
        case let op as SliceOp where op.ranges == nil:
            guard let ranges = try? op.knownRanges(infos), canResolve(ranges.flatMap { [$0.start, $0.end] }) else {
                return nil
            }
            return (SliceOp(ranges), [x])
        case let op as SqueezeOp where op.axes == nil: return integers(1).map { (SqueezeOp(axes: $0), [x]) }
        case let op as UnsqueezeOp where op.axes == nil: return integers(1).map { (UnsqueezeOp(axes: $0), [x]) }
        case let op as TileOp where op.repeats == nil: return integers(1).map { (TileOp(repeats: $0), [x]) }
        case let op as ReduceOp where op.axes == nil && node.inputs.count > 1 && node.inputs[1] != nil:
            var fixed = op
            fixed.axes = integers(1)
            return fixed.axes == nil ? nil : (fixed, [x])
        case let op as PadOp where op.pads == nil:
            var fixed = op
            fixed.pads = integers(1)
            return fixed.pads == nil ? nil : (fixed, [x, nil] + node.inputs.dropFirst(2))
        case let op as SplitOp where op.sizes == nil && node.inputs.count > 1 && node.inputs[1] != nil:
            var fixed = op
            fixed.sizes = integers(1)
            return fixed.sizes == nil ? nil : (fixed, [x])
        case let op as TopKOp where op.k == nil:
            var fixed = op
            fixed.k = integers(1)?.first
            return fixed.k == nil ? nil : (fixed, [x])
        default: return nil
        }
    }
}
