import MartletTensor

/// One of two graphs. Inputs: condition (bool, one element), what `then` takes, what `otherwise` takes. Outputs: the
/// branch's; their shapes may differ between branches.
package struct IfOp: SubgraphOp {
    package static let name = "If"
    package var then: Subgraph
    package var otherwise: Subgraph

    package init(then: Subgraph, otherwise: Subgraph) {
        self.then = then
        self.otherwise = otherwise
    }

    package var bodies: [Subgraph] { [then, otherwise] }
    package func replacingBodies(_ bodies: [Subgraph]) -> IfOp { IfOp(then: bodies[0], otherwise: bodies[1]) }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        guard try operand(inputs, 0).type.dtype == .bool else { throw impossible(inputs, "the condition is not bool") }
        let (a, b) = (then.outputTypes, otherwise.outputTypes)
        guard a.count == b.count else {
            throw impossible(inputs, "one branch has \(a.count) outputs, the other \(b.count)")
        }
        guard inputs.count == 1 + then.graph.inputs.count + otherwise.graph.inputs.count else {
            throw impossible(inputs, "the branches take other inputs")
        }
        return try zip(a, b).map { a, b in
            guard a.goes(with: b) else {
                throw impossible(inputs, "one branch makes \(a.dtype.name), the other \(b.dtype.name)")
            }
            return a.union(b)
        }
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let condition = try operand(inputs, 0, context)
        guard condition.dtype == .bool, condition.count == 1 else {
            throw context.invalid(self, inputs, "the condition is not one bool")
        }
        let isTrue = condition.elements(Bool.self)[0]
        let first = 1 + (isTrue ? 0 : then.graph.inputs.count)
        let body = try compiled(isTrue ? 0 : 1, context)
        let taken = try operands(inputs, first..<first + body.graph.inputs.count, context)
        return context.detached(try context.runBody(body, taken), from: inputs)
    }
}
