extension Graph {
    /// Adds another graph's nodes to this one, its inputs being values of this graph. Returns its outputs' values.
    ///
    /// Types are inferred anew, so the other graph's batch dimension takes this one's name.
    /// - Parameter known: constants of this graph, to be used for equal ones of the other.
    package mutating func append(
        _ other: Graph, inputs: [ValueID], known: ConstantIndex? = nil
    ) throws -> [ValueID] {
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

extension Graph {
    /// The same graph over inputs of these types, which say more than its own; nil keeps an input's type. Throws `GraphError` if
    /// some node does not take them.
    package func narrowed(_ types: [ValueType?]) throws -> Graph {
        var result = Graph()
        let values = zip(inputs, types).map { port, type in
            result.addInput(port.name, type ?? self.type(port.value), integers: self.values[port.value.index].integers)
        }
        for (port, value) in zip(outputs, try result.append(self, inputs: values)) {
            result.addOutput(port.name, value)
        }
        return result
    }
}
