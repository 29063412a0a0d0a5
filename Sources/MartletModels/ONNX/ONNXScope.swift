import MartletGraph

/// Names that a graph's nodes can use: their own graph's, then those around it; and what a function's attributes stand for.
final class ONNXScope {
    /// Nil values are inputs that a caller left out.
    private var values: [String: ValueID?] = [:]
    private let parent: ONNXScope?
    /// Attributes of the call that a function's body refers to.
    let attributes: [String: ONNXAttribute]
    /// Version of each operator set, by domain.
    let opsets: [String: Int]
    let depth: Int

    init(
        parent: ONNXScope?, attributes: [String: ONNXAttribute], opsets: [String: Int], depth: Int
    ) {
        self.parent = parent
        self.attributes = attributes
        self.opsets = opsets
        self.depth = depth
    }

    /// The scope of a graph inside a node's attribute.
    func inner() -> ONNXScope {
        ONNXScope(parent: self, attributes: attributes, opsets: opsets, depth: depth + 1)
    }

    /// The value of a name; `.some(nil)` if it was left out, nil if there is none.
    func lookUp(_ name: String) -> ValueID?? {
        var scope: ONNXScope? = self
        while let current = scope {
            if let value = current.values[name] { return value }
            scope = current.parent
        }
        return nil
    }

    /// False if this scope itself has the name already.
    func define(_ name: String, _ value: ValueID?) -> Bool {
        guard values[name] == nil else { return false }
        values[name] = .some(value)
        return true
    }
}
