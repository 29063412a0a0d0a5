import MartletTensor

/// One element. Inputs: sequence, place (integer; negative ones count from the end).
package struct SequenceAtOp: GraphOp {
    package static let name = "SequenceAt"
    package static let takesContainers = true

    package init() {}

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let type = try operand(inputs, 0).type
        guard type.dtype == .sequence, let element = type.element else {
            throw impossible(inputs, "input 0 is no sequence")
        }
        try requireInteger(inputs, operand(inputs, 1), "the position")
        return [element]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let elements = try sequence(inputs, 0, context)
        let last = elements.count - 1
        return [elements[try position(operand(inputs, 1, context), upTo: last, of: elements.count, inputs, context)]]
    }
}
