import MartletGraph

extension Graph {
    /// Adds another graph's nodes to this one, its inputs being values of this graph. Returns its outputs' values.
    ///
    /// Types are inferred anew, so the other graph's batch dimension takes this one's name.
    /// - Parameter known: constants of this graph, to be used for equal ones of the other.
    mutating func append(_ other: Graph, inputs: [ValueID], known: ConstantIndex? = nil) throws -> [ValueID] {
        var map: [ValueID: ValueID] = [:]
        for (port, value) in zip(other.inputs, inputs) { map[port.value] = value }
        for index in other.values.indices {
            if let constant = other.values[index].constant {
                map[ValueID(index)] =
                    known?.equal(to: constant) ?? addConstant(constant, name: other.values[index].name)
            }
        }
        for node in other.nodes {
            let made = try add(node.op, node.inputs.map { $0.flatMap { map[$0] } }, name: node.name)
            for (old, new) in zip(node.outputs, made) { map[old] = new }
        }
        return other.outputs.map { port in
            guard let value = map[port.value] else { preconditionFailure("bug: an output without a value") }
            return value
        }
    }
}
