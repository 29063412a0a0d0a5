import MartletGraph

/// A graph under construction: the model's own, or that of a branch or a loop's body. What a body takes from the graph
/// around it becomes an input of it, or, if it is a constant, the same constant.
final class ONNXFrame {
    var graph = Graph()
    /// Values of the graph around, in the order of the inputs that stand for them.
    private(set) var captured: [ValueID] = []
    private let parent: ONNXFrame?

    init(parent: ONNXFrame?) { self.parent = parent }

    /// This graph's name for a value of the graph around.
    func capture(_ outer: ValueID) -> ValueID {
        guard let parent else { preconditionFailure("bug: a model's own graph has none around it") }
        let value = parent.graph.values[outer.index]
        if let constant = value.constant { return graph.addConstant(constant, name: value.name) }
        captured.append(outer)
        return graph.addInput(value.name, value.type, integers: value.integers)
    }
}

/// A finished body. Its graph's last inputs stand for `captured`.
struct ONNXBody {
    let graph: Graph
    let captured: [ValueID]
}
