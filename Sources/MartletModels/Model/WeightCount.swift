import MartletGraph

/// Parameters of a graph: elements and bytes of its float constants, and of integer ones that are no shapes or axes.
struct WeightCount {
    private(set) var parameters = 0
    private(set) var bytes = 0

    init(_ graph: Graph) {
        var isUsed = [Bool](repeating: false, count: graph.values.count)
        for node in graph.nodes { for case let id? in node.inputs { isUsed[id.index] = true } }
        for (index, value) in graph.values.enumerated() where isUsed[index] {
            guard let constant = value.constant, constant.dtype.isFloat || constant.count > 64 else { continue }
            parameters += constant.count
            bytes += constant.byteCount
        }
    }
}
