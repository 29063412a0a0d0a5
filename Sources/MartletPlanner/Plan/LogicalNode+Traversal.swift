extension LogicalNode {
    /// The nodes whose rows this one takes; bodies of arms and tiers are not among them.
    package var inputs: [LogicalNode] {
        switch self {
        case .load, .values, .table, .shared, .hole: []
        case .filter(let node): [node.input]
        case .extend(let node): [node.input]
        case .project(let node): [node.input]
        case .limit(let node): [node.input]
        case .sort(let node): [node.input]
        case .infer(let node): [node.input]
        case .route(let node): [node.input]
        case .cascade(let node): [node.input]
        case .aggregate(let node): [node.input]
        case .distinct(let node): [node.input]
        case .union(let node): node.inputs
        case .unnest(let node): [node.input]
        case .sample(let node): [node.input]
        case .join(let node): [node.input, node.relation]
        case .nearest(let node): [node.input, node.relation]
        case .assert(let node): [node.input]
        case .write(let node): [node.input]
        case .fail(let node): [node.input]
        case .drop(let node): [node.input]
        }
    }

    /// The plans of arms and tiers, over holes.
    package var bodies: [LogicalNode] {
        switch self {
        case .route(let node): node.arms.map(\.body)
        case .cascade(let node): node.tiers.map(\.body)
        default: []
        }
    }

    /// The plans that are run before the first row, over sources of their own.
    package var preparations: [LogicalNode] {
        guard case .cascade(let node) = self, let calibration = node.calibration else { return [] }
        return [calibration.labelled, calibration.answers]
    }

    /// Whether a model runs in this plan, bodies included.
    package var containsInfer: Bool {
        switch self {
        case .infer, .cascade: true
        default: inputs.contains(where: \.containsInfer) || bodies.contains(where: \.containsInfer)
        }
    }

    /// This node with each input and each body replaced by what `change` makes of it.
    package func mapChildren(_ change: (LogicalNode) throws -> LogicalNode) rethrows -> LogicalNode {
        switch self {
        case .load, .values, .table, .shared, .hole:
            return self
        case .filter(var node):
            node.input = try change(node.input)
            return .filter(node)
        case .extend(var node):
            node.input = try change(node.input)
            return .extend(node)
        case .project(var node):
            node.input = try change(node.input)
            return .project(node)
        case .limit(var node):
            node.input = try change(node.input)
            return .limit(node)
        case .sort(var node):
            node.input = try change(node.input)
            return .sort(node)
        case .infer(var node):
            node.input = try change(node.input)
            return .infer(node)
        case .route(var node):
            node.input = try change(node.input)
            for arm in node.arms.indices { node.arms[arm].body = try change(node.arms[arm].body) }
            return .route(node)
        case .cascade(var node):
            node.input = try change(node.input)
            for tier in node.tiers.indices { node.tiers[tier].body = try change(node.tiers[tier].body) }
            if let calibration = node.calibration {
                node.calibration?.labelled = try change(calibration.labelled)
                node.calibration?.answers = try change(calibration.answers)
            }
            return .cascade(node)
        case .aggregate(var node):
            node.input = try change(node.input)
            return .aggregate(node)
        case .distinct(var node):
            node.input = try change(node.input)
            return .distinct(node)
        case .union(var node):
            node.inputs = try node.inputs.map(change)
            return .union(node)
        case .unnest(var node):
            node.input = try change(node.input)
            return .unnest(node)
        case .join(var node):
            node.input = try change(node.input)
            node.relation = try change(node.relation)
            return .join(node)
        case .nearest(var node):
            node.input = try change(node.input)
            node.relation = try change(node.relation)
            return .nearest(node)
        case .sample(var node):
            node.input = try change(node.input)
            return .sample(node)
        case .assert(var node):
            node.input = try change(node.input)
            return .assert(node)
        case .write(var node):
            node.input = try change(node.input)
            return .write(node)
        case .fail(var node):
            node.input = try change(node.input)
            return .fail(node)
        case .drop(var node):
            node.input = try change(node.input)
            return .drop(node)
        }
    }

    /// The nodes of the tree, bodies included, inputs before the node that takes them.
    package func visit(_ action: (LogicalNode) -> Void) {
        for input in inputs { input.visit(action) }
        for body in bodies + preparations { body.visit(action) }
        action(self)
    }
}
