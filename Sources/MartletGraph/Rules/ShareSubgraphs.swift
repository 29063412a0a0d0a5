import MartletTensor

/// f(x) and f(x) with equal attributes and inputs are one value; equal small constants are one constant.
package struct ShareSubgraphs: GraphRule {
    package static let name = "share_subgraphs"
    package init() {}

    private struct Key: Hashable {
        let op: AnyHashable
        let inputs: [ValueID?]
    }

    private struct ConstantKey: Hashable {
        let dtype: DType
        let shape: [Int]
        let bytes: [UInt8]
    }

    package func apply(to graph: inout Graph) throws -> Int {
        var map = sharedConstants(graph)
        graph.replaceUses(map)
        // Merged constants have no node and cost nothing: they are not counted, so that the rule comes to rest.
        map = [:]
        var seen: [Key: [ValueID]] = [:]
        var kept: [Graph.Node] = []
        for node in graph.nodes {
            let key = Key(
                op: AnyHashable(node.op), inputs: node.inputs.map { id in id.map { map[$0] ?? $0 } })
            if let first = seen[key] {
                for (id, same) in zip(node.outputs, first) { map[id] = same }
            } else {
                seen[key] = node.outputs
                kept.append(node)
            }
        }
        let count = graph.nodes.count - kept.count
        guard count > 0 else { return 0 }
        graph.replaceNodes(kept)
        graph.replaceUses(map)
        return count
    }

    private func sharedConstants(_ graph: Graph) -> [ValueID: ValueID] {
        var first: [ConstantKey: ValueID] = [:]
        var map: [ValueID: ValueID] = [:]
        for (index, value) in graph.values.enumerated() {
            guard let tensor = value.constant, tensor.byteCount <= 4096 else { continue }
            let bytes = [UInt8](UnsafeRawBufferPointer(start: tensor.pointer, count: tensor.byteCount))
            let key = ConstantKey(dtype: tensor.dtype, shape: tensor.shape, bytes: bytes)
            if let same = first[key] { map[ValueID(index)] = same } else { first[key] = ValueID(index) }
        }
        return map
    }
}
