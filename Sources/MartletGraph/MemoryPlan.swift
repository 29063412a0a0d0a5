import MartletTensor

/// Which arena slot each computed value lives in: values share a slot if they are never alive together.
///
/// Linear scan over the nodes in order. Sizes are not needed: a slot grows to the largest value it ever holds.
package struct MemoryPlan: Sendable {
    /// Slot of each value by `ValueID.index`; -1 for constants, inputs, views and graph outputs (which are given away).
    package let slots: [Int]
    package let slotCount: Int
    /// Values (by index) whose last use is at each node: their tensors are dropped after it.
    package let releasedAfter: [[Int]]

    package init(_ graph: Graph) {
        let nodes = graph.nodes
        // The value that owns the storage behind each value.
        var owner = Array(0..<graph.values.count)
        for node in nodes {
            if let aliased = node.op.aliasedInput, aliased < node.inputs.count, let input = node.inputs[aliased] {
                owner[node.outputs[0].index] = owner[input.index]
            }
        }
        var lastUse = [Int](repeating: -1, count: graph.values.count)
        var ownLastUse = lastUse
        for (position, node) in nodes.enumerated() {
            for id in node.inputs {
                if let id {
                    lastUse[owner[id.index]] = position
                    ownLastUse[id.index] = position
                }
            }
            for id in node.outputs {
                lastUse[owner[id.index]] = max(lastUse[owner[id.index]], position)
                ownLastUse[id.index] = max(ownLastUse[id.index], position)
            }
        }
        var isGivenAway = [Bool](repeating: false, count: graph.values.count)
        for port in graph.outputs {
            isGivenAway[owner[port.value.index]] = true
            lastUse[owner[port.value.index]] = nodes.count
            ownLastUse[port.value.index] = nodes.count
        }
        var slots = [Int](repeating: -1, count: graph.values.count)
        var free: [Int] = []
        var count = 0
        var expiring = [[Int]](repeating: [], count: nodes.count + 1)
        for (position, node) in nodes.enumerated() {
            for (index, id) in node.outputs.enumerated() {
                guard owner[id.index] == id.index, !isGivenAway[id.index] else { continue }
                if index == 0, let slot = Self.inPlaceSlot(node, graph, owner, lastUse, slots, position) {
                    slots[id.index] = slot.slot
                    expiring[position].removeAll { $0 == slot.value }
                } else if let slot = free.popLast() {
                    slots[id.index] = slot
                } else {
                    slots[id.index] = count
                    count += 1
                }
                expiring[lastUse[id.index]].append(id.index)
            }
            for value in expiring[position] { free.append(slots[value]) }
        }
        var released = [[Int]](repeating: [], count: nodes.count)
        for (index, position) in ownLastUse.enumerated() where position >= 0 && position < nodes.count {
            released[position].append(index)
        }
        self.slots = slots
        self.slotCount = count
        self.releasedAfter = released
    }

    /// The slot of an input that dies at this node and that output 0 may overwrite.
    private static func inPlaceSlot(
        _ node: Graph.Node, _ graph: Graph, _ owner: [Int], _ lastUse: [Int], _ slots: [Int], _ position: Int
    ) -> (slot: Int, value: Int)? {
        for candidate in node.op.inPlaceInputs where candidate < node.inputs.count {
            guard let input = node.inputs[candidate] else { continue }
            let holder = owner[input.index]
            let isShared = node.inputs.enumerated().contains { other, id in
                other != candidate && id.map { owner[$0.index] == holder } ?? false
            }
            guard slots[holder] >= 0, lastUse[holder] == position, !isShared,
                graph.type(input) == graph.type(node.outputs[0]), graph.type(input).shape?.contains(.unknown) == false
            else { continue }
            return (slots[holder], holder)
        }
        return nil
    }
}
