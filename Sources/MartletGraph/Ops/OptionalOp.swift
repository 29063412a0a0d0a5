import MartletTensor

/// An optional that holds its input, or nothing. Input: value?
package struct OptionalOp: GraphOp {
    package static let name = "Optional"
    package static let takesContainers = true
    /// The type of what an empty one could hold.
    package var element: ValueType

    package init(of element: ValueType) { self.element = element }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        [.optional(of: optional(inputs, 0)?.type ?? element)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        [Tensor(optional: optional(inputs, 0))]
    }
}
