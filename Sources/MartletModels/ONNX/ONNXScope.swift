import MartletGraph

/// Names that a graph's nodes can use: their own graph's, then those around it; and what a function's attributes stand for.
final class ONNXScope {
    /// Nil values are inputs that a caller left out.
    private var values: [String: ValueID?] = [:]
    private let parent: ONNXScope?
    /// The graph that begins with this scope; nil if it is the one of the scope around.
    private let frame: ONNXFrame?
    /// Attributes of the call that a function's body refers to.
    let attributes: [String: ONNXAttribute]
    /// Version of each operator set, by domain.
    let opsets: [String: Int]
    let depth: Int

    init(
        parent: ONNXScope?, attributes: [String: ONNXAttribute], opsets: [String: Int], depth: Int,
        frame: ONNXFrame? = nil
    ) {
        self.parent = parent
        self.frame = frame
        self.attributes = attributes
        self.opsets = opsets
        self.depth = depth
    }

    /// The scope of a graph inside a node's attribute.
    func inner() -> ONNXScope {
        ONNXScope(parent: self, attributes: attributes, opsets: opsets, depth: depth + 1)
    }

    /// The value of a name; `.some(nil)` if it was left out, nil if there is none. A value of a graph around this one is
    /// captured on the way, once.
    func lookUp(_ name: String) -> ValueID?? {
        if let value = values[name] { return value }
        guard let found = parent?.lookUp(name) else { return nil }
        guard let frame, let outer = found else { return found }
        let inner = frame.capture(outer)
        values[name] = .some(inner)
        return .some(inner)
    }

    /// False if this scope itself has the name already.
    func define(_ name: String, _ value: ValueID?) -> Bool {
        guard values[name] == nil else { return false }
        values[name] = .some(value)
        return true
    }
}
