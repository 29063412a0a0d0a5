import MartletTensor

/// x itself. Input: x.
package struct IdentityOp: GraphOp {
    package static let name = "Identity"
    package static let takesContainers = true

    package init() {}

    package var aliasedInput: Int? { 0 }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] { [try operand(inputs, 0).type] }
    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? { inputs.first??.integers }
    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        [try operand(inputs, 0, context)]
    }
}
