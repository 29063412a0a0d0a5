import MartletTensor

/// A graph run on each element of a sequence. Inputs: sequence, `more` further values (sequences, whose element of the same
/// place is taken, or tensors, taken whole), what the body takes from outside. Outputs: a sequence for each body output.
package struct SequenceMapOp: SubgraphOp {
    package static let name = "SequenceMap"
    package var body: Subgraph
    package var more: Int

    package init(_ body: Subgraph, more: Int) {
        self.body = body
        self.more = more
    }

    package var bodies: [Subgraph] { [body] }
    package func replacingBodies(_ bodies: [Subgraph]) -> SequenceMapOp { SequenceMapOp(bodies[0], more: more) }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        guard try operand(inputs, 0).type.dtype == .sequence, inputs.count == body.graph.inputs.count,
            1 + more <= inputs.count
        else { throw impossible(inputs, "input 0 is no sequence, or the body has other inputs") }
        return body.outputTypes.map { .sequence(of: $0) }
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let elements = try sequence(inputs, 0, context)
        let others = try operands(inputs, 1..<1 + more, context)
        let lists = others.map(\.sequenceElements)
        guard lists.allSatisfy({ $0.map { $0.count == elements.count } ?? true }) else {
            throw context.invalid(self, inputs, "the sequences differ in length")
        }
        let outer = try operands(inputs, (1 + more)..<inputs.count, context)
        let compiled = try compiled(0, context)
        var results = [[Tensor]](repeating: [], count: body.outputTypes.count)
        for (index, element) in elements.enumerated() {
            try context.checkCancellation()
            let arguments = zip(others, lists).map { whole, list in list.map { $0[index] } ?? whole }
            for (place, result) in try context.runBody(compiled, [element] + arguments + outer).enumerated() {
                results[place].append(result)
            }
        }
        return results.map { Tensor(sequence: $0) }
    }
}
