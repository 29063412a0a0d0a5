import MartletTensor

/// The elements of a sequence in one tensor, along `axis` or, with `newAxis`, along a new one. Input: sequence.
package struct SequenceConcatOp: GraphOp {
    package static let name = "SequenceConcat"
    package static let takesContainers = true
    package var axis: Int
    package var newAxis: Bool

    package init(axis: Int, newAxis: Bool) {
        self.axis = axis
        self.newAxis = newAxis
    }

    package var attributes: String { "axis=\(axis)\(newAxis ? " new" : "")" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let type = try operand(inputs, 0).type
        guard type.dtype == .sequence, let element = type.element else {
            throw impossible(inputs, "input 0 is no sequence")
        }
        guard var shape = element.shape else { return [ValueType(element.dtype, nil)] }
        let at = try resolveAxis(axis, rank: shape.count + (newAxis ? 1 : 0), inputs)
        if newAxis { shape.insert(.unknown, at: at) } else { shape[at] = .unknown }
        return [ValueType(element.dtype, shape)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let parts = try sequence(inputs, 0, context)
        guard let first = parts.first else { throw context.invalid(self, inputs, "the sequence is empty") }
        if newAxis { return [try stacked(parts, axis: axis, ValueType(first), inputs, context)] }
        return try ConcatOp(axis: axis).run(parts, context)
    }
}
