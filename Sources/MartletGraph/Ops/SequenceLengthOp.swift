import MartletTensor

/// The number of elements as an int64 scalar. Input: sequence.
package struct SequenceLengthOp: GraphOp {
    package static let name = "SequenceLength"
    package static let takesContainers = true

    package init() {}

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        guard try operand(inputs, 0).type.dtype == .sequence else { throw impossible(inputs, "input 0 is no sequence") }
        return [ValueType(.int64, [])]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        [Tensor(scalar: Int64(try sequence(inputs, 0, context).count))]
    }
}
