/// The order in which the nodes of one graph can be added, each after the nodes that make its inputs.
struct ONNXNodeOrder {
    let file: String

    /// Indices into `nodes`; the file's own order wherever that is possible. Throws on cycles and on values made twice.
    func order(_ nodes: [ONNXNode]) throws -> [Int] {
        var producer: [String: Int] = [:]
        for (index, node) in nodes.enumerated() {
            for name in node.outputs where !name.isEmpty {
                guard producer.updateValue(index, forKey: name) == nil else {
                    throw ONNXError.duplicateName(file: file, name: name, node: node.place)
                }
            }
        }
        var order: [Int] = []
        order.reserveCapacity(nodes.count)
        var state = [State](repeating: .new, count: nodes.count)
        for root in nodes.indices where state[root] == .new {
            // Depth first, without recursion: a chain may be as long as the graph.
            var stack: [(node: Int, needs: [Int], next: Int)] = [(root, needs(nodes[root], producer), 0)]
            state[root] = .open
            while let top = stack.last {
                guard top.next < top.needs.count else {
                    state[top.node] = .done
                    order.append(top.node)
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                let need = top.needs[top.next]
                switch state[need] {
                case .done: break
                case .open: throw ONNXError.cycle(file: file, node: nodes[need].place)
                case .new:
                    state[need] = .open
                    stack.append((need, needs(nodes[need], producer), 0))
                }
            }
        }
        return order
    }

    private enum State { case new, open, done }

    private func needs(_ node: ONNXNode, _ producer: [String: Int]) -> [Int] {
        node.namesUsed.compactMap { producer[$0] }
    }
}
