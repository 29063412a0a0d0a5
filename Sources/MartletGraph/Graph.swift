import MartletTensor

/// Names a value inside one graph.
package struct ValueID: Hashable, Comparable, Sendable {
    package let index: Int
    package init(_ index: Int) { self.index = index }
    package static func < (a: ValueID, b: ValueID) -> Bool { a.index < b.index }
}

/// A tensor program: ops on values, in an order in which every value is computed before it is used.
///
/// Values are numbered and never removed; dead nodes are. Constants are values with a tensor and no node.
package struct Graph: Sendable {
    package struct Value: Sendable {
        package var type: ValueType
        package var constant: Tensor?
        /// See `InputInfo.integers`.
        package var integers: [Dim]?
        /// The name in the model's file, for messages.
        package var name: String
    }

    package struct Node: Sendable {
        package var op: any GraphOp
        package var inputs: [ValueID?]
        package var outputs: [ValueID]
        /// The name in the model's file, for messages.
        package var name: String

        package init(op: any GraphOp, inputs: [ValueID?], outputs: [ValueID], name: String) {
            self.op = op
            self.inputs = inputs
            self.outputs = outputs
            self.name = name
        }
    }

    package struct Port: Hashable, Sendable {
        package var name: String
        package var value: ValueID
    }

    package private(set) var values: [Value] = []
    /// In topological order. Rules replace the list as a whole through `replaceNodes`.
    package private(set) var nodes: [Node] = []
    package var inputs: [Port] = []
    package var outputs: [Port] = []

    package init() {}

    package func type(_ id: ValueID) -> ValueType { values[id.index].type }
    package func constant(_ id: ValueID) -> Tensor? { values[id.index].constant }
    package func info(_ id: ValueID) -> InputInfo {
        let value = values[id.index]
        return InputInfo(type: value.type, constant: value.constant, integers: value.integers)
    }

    // MARK: Building

    package mutating func addInput(_ name: String, _ type: ValueType, integers: [Dim]? = nil) -> ValueID {
        let id = addValue(Value(type: type, constant: nil, integers: integers, name: name))
        inputs.append(Port(name: name, value: id))
        return id
    }

    package mutating func addConstant(_ tensor: Tensor, name: String = "") -> ValueID {
        addValue(
            Value(type: ValueType(tensor), constant: tensor, integers: smallIntegers(tensor), name: name))
    }

    package mutating func addOutput(_ name: String, _ value: ValueID) {
        outputs.append(Port(name: name, value: value))
    }

    /// Adds `op` at the end; infers the types of its outputs. Throws what `inferTypes` throws, with the node's name.
    @discardableResult
    package mutating func add(_ op: any GraphOp, _ inputs: [ValueID?], name: String = "") throws -> [ValueID] {
        let node = try makeNode(op, inputs, name: name)
        nodes.append(node)
        return node.outputs
    }

    /// For ops of one output.
    package mutating func add(_ op: any GraphOp, _ inputs: ValueID?..., name: String = "") throws -> ValueID {
        try add(op, inputs, name: name)[0]
    }

    /// A node with fresh output values that is not in the list yet: for rules.
    package mutating func makeNode(_ op: any GraphOp, _ inputs: [ValueID?], name: String = "") throws -> Node {
        let infos = inputs.map { $0.map(info) }
        let types: [ValueType]
        do {
            if !Swift.type(of: op).takesContainers, infos.contains(where: { $0?.type.dtype.isContainer ?? false }) {
                throw op.impossible(infos, "wants tensors, no sequences or optionals")
            }
            types = try op.inferTypes(infos)
        } catch GraphError.invalidInput(let op, let node, let shapes, let reason) where node.isEmpty {
            throw GraphError.invalidInput(op: op, node: name, shapes: shapes, reason: reason)
        }
        let integers = op.inferIntegers(infos)
        let ids = types.enumerated().map { position, type in
            addValue(Value(type: type, constant: nil, integers: position == 0 ? integers : nil, name: name))
        }
        return Node(op: op, inputs: inputs, outputs: ids, name: name)
    }

    private mutating func addValue(_ value: Value) -> ValueID {
        values.append(value)
        return ValueID(values.count - 1)
    }

    /// Small integer constants take part in shape computations.
    private func smallIntegers(_ tensor: Tensor) -> [Dim]? {
        guard tensor.rank <= 1, tensor.count <= 64 else { return nil }
        switch tensor.dtype {
        case .int64: return tensor.values(Int64.self).map { .fixed(Int($0)) }
        case .int32: return tensor.values(Int32.self).map { .fixed(Int($0)) }
        default: return nil
        }
    }

    // MARK: Rewriting

    /// Replaces the node list; the caller keeps it in topological order.
    package mutating func replaceNodes(_ new: [Node]) { nodes = new }

    /// Puts another op in the place of one node; its outputs keep their ids. Types are inferred anew.
    ///
    /// False, changing nothing, if the op does not take the inputs, or its outputs differ in number or dtype.
    package mutating func rewriteNode(at position: Int, _ op: any GraphOp, _ inputs: [ValueID?]) -> Bool {
        let node = nodes[position]
        guard let types = try? op.inferTypes(inputs.map { $0.map(info) }), types.count == node.outputs.count,
            zip(types, node.outputs).allSatisfy({ $0.dtype == type($1).dtype })
        else { return false }
        for (new, id) in zip(types, node.outputs) { values[id.index].type = type(id).sharpened(by: new) }
        nodes[position].op = op
        nodes[position].inputs = inputs
        return true
    }

    /// Infers the types of one node's outputs anew, after those of its inputs have become known better. Returns whether they did too.
    package mutating func sharpenTypes(at position: Int) -> Bool {
        let node = nodes[position]
        let infos = node.inputs.map { $0.map(info) }
        var changed = false
        if node.outputs.contains(where: { type($0).isOpen }), let types = try? node.op.inferTypes(infos) {
            for (new, id) in zip(types, node.outputs) where new.dtype == type(id).dtype {
                let sharper = type(id).sharpened(by: new)
                guard sharper != type(id) else { continue }
                values[id.index].type = sharper
                changed = true
            }
        }
        if let first = node.outputs.first, values[first.index].integers == nil, type(first).rank ?? 2 <= 1,
            let integers = node.op.inferIntegers(infos)
        {
            values[first.index].integers = integers
            changed = true
        }
        return changed
    }

    /// Changes the op of one node for one that computes the same types.
    mutating func setOp(at position: Int, _ op: any GraphOp) { nodes[position].op = op }

    /// Changes the inputs of one node, with the same op.
    package mutating func setInputs(at position: Int, _ inputs: [ValueID?]) { nodes[position].inputs = inputs }

    /// Makes every use of a key a use of its value; chains are followed. O(size of the graph).
    package mutating func replaceUses(_ map: [ValueID: ValueID]) {
        guard !map.isEmpty else { return }
        func resolve(_ id: ValueID) -> ValueID {
            var current = id
            var steps = 0
            while let next = map[current], steps <= map.count {
                current = next
                steps += 1
            }
            return current
        }
        for index in nodes.indices {
            for slot in nodes[index].inputs.indices {
                if let id = nodes[index].inputs[slot] { nodes[index].inputs[slot] = resolve(id) }
            }
        }
        for index in outputs.indices { outputs[index].value = resolve(outputs[index].value) }
    }

    /// Turns a computed value into a constant.
    package mutating func setConstant(_ id: ValueID, _ tensor: Tensor) {
        values[id.index].constant = tensor
        values[id.index].type = ValueType(tensor)
        values[id.index].integers = smallIntegers(tensor)
    }

    /// Position in `nodes` of the node that computes each value.
    package func producers() -> [ValueID: Int] {
        var result: [ValueID: Int] = [:]
        for (position, node) in nodes.enumerated() { for id in node.outputs { result[id] = position } }
        return result
    }

    /// Number of uses of each value, graph outputs included.
    package func useCounts() -> [Int] {
        var counts = [Int](repeating: 0, count: values.count)
        for node in nodes { for id in node.inputs { if let id { counts[id.index] += 1 } } }
        for port in outputs { counts[port.value.index] += 1 }
        return counts
    }

    /// Every invariant of a graph; a message if one is broken. Run after each rule in tests.
    package func validate() -> String? {
        var known = Set(inputs.map(\.value))
        for (index, value) in values.enumerated() where value.constant != nil { known.insert(ValueID(index)) }
        for node in nodes {
            for id in node.inputs {
                if let id, !known.contains(id) {
                    return "node `\(node.name)` (\(Swift.type(of: node.op).name)) uses a value before it is computed"
                }
            }
            for id in node.outputs where !known.insert(id).inserted {
                return "node `\(node.name)` computes a value twice"
            }
        }
        for port in outputs where !known.contains(port.value) { return "output `\(port.name)` is never computed" }
        return nil
    }
}
