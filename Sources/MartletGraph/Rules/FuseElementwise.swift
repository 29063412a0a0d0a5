import MartletTensor

/// g(f(x, a), b) = FusedElementwise[f; g](x, a, b) for chains of float functions in which nothing else reads f: one pass over
/// memory instead of several. Runs after the other rules, whose patterns it would hide.
package struct FuseElementwise: GraphRule {
    package static let name = "fuse_elementwise"
    private let maximumSteps = 24
    private let maximumInputs = 8
    package init() {}

    package func apply(to graph: inout Graph) throws -> Int {
        let matcher = GraphMatcher(graph)
        var isAbsorbed = Set<Int>()
        var count = 0
        for position in graph.nodes.indices.reversed() where !isAbsorbed.contains(position) {
            let node = graph.nodes[position]
            guard isStep(node, graph) else { continue }
            var program = Program(result: graph.type(node.outputs[0]))
            guard program.add(node.outputs[0], self, matcher, isRoot: true) != nil, program.steps.count > 1,
                program.inputs.count <= maximumInputs
            else { continue }
            let op = program.op
            if graph.rewriteNode(at: position, op, program.inputs.map { $0 }) {
                isAbsorbed.formUnion(program.absorbed)
                count += 1
            }
        }
        return count
    }

    /// Whether a node is one step of a program: float32, of known shape, its operands full, rows, or scalars.
    private func isStep(_ node: Graph.Node, _ graph: Graph) -> Bool {
        guard let result = node.outputs.first.map(graph.type), result.dtype == .float32,
            let shape = result.shape, !shape.contains(.unknown)
        else { return false }
        switch node.op {
        case is UnaryOp: break
        case let op as BinaryOp: guard op.kind.kernel != nil else { return false }
        default: return false
        }
        return node.inputs.allSatisfy { id in
            guard let id, graph.type(id).dtype == .float32, let other = graph.type(id).shape else { return false }
            if other == shape { return true }
            let trimmed = Array(other.drop { $0 == .fixed(1) })
            return graph.constant(id) != nil && trimmed == Array(shape.suffix(trimmed.count))
                && other.count <= shape.count
        }
    }

    private struct Program {
        let result: ValueType
        var inputs: [ValueID] = []
        /// Operands: ≥ 0 an input's place, < 0 the bitwise complement of a step's place.
        var steps: [(op: any GraphOp, operands: [Int])] = []
        var absorbed: Set<Int> = []

        init(result: ValueType) { self.result = result }

        /// Adds what computes a value; its operand number, nil if the program grows too large.
        mutating func add(_ id: ValueID, _ rule: FuseElementwise, _ matcher: GraphMatcher, isRoot: Bool) -> Int? {
            if let position = matcher.position(id), isRoot || matcher.isUsedOnce(id),
                matcher.graph.type(id) == result, rule.isStep(matcher.graph.nodes[position], matcher.graph),
                steps.count < rule.maximumSteps
            {
                let node = matcher.graph.nodes[position]
                var operands: [Int] = []
                for input in node.inputs {
                    guard let input, let operand = add(input, rule, matcher, isRoot: false) else { return nil }
                    operands.append(operand)
                }
                steps.append((node.op, operands))
                if !isRoot { absorbed.insert(position) }
                return ~(steps.count - 1)
            }
            if let known = inputs.firstIndex(of: id) { return known }
            inputs.append(id)
            return inputs.count - 1
        }

        var op: FusedElementwiseOp {
            func register(_ operand: Int) -> Int { operand >= 0 ? operand : inputs.count + ~operand }
            return FusedElementwiseOp(
                inputCount: inputs.count,
                steps: steps.compactMap { step in
                    if let unary = step.op as? UnaryOp { return .unary(unary, register(step.operands[0])) }
                    guard let binary = step.op as? BinaryOp else { return nil }
                    return .binary(binary.kind, register(step.operands[0]), register(step.operands[1]))
                })
        }
    }
}
