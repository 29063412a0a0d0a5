import MartletTensor

/// A sequence of its inputs, which are tensors of one dtype. With none, an empty one of `elementType`.
package struct SequenceOp: GraphOp {
    package static let name = "Sequence"
    package static let takesContainers = true
    package var elementType: DType

    package init(elementType: DType = .float32) { self.elementType = elementType }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let operands = try inputs.indices.map { try operand(inputs, $0) }
        guard !operands.isEmpty else { return [.sequence(of: ValueType(elementType, nil))] }
        _ = try requireSameDType(inputs, operands)
        return [.sequence(of: operands.dropFirst().reduce(operands[0].type) { $0.union($1.type) })]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        [Tensor(sequence: try inputs.indices.map { try operand(inputs, $0, context) })]
    }
}
