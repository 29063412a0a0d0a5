import MartletTensor

/// Whether an optional holds something, as a bool scalar. Input: optional, or any other value, which counts as held.
package struct OptionalHasElementOp: GraphOp {
    package static let name = "OptionalHasElement"
    package static let takesContainers = true

    package init() {}

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] { [ValueType(.bool, [])] }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        guard let value = optional(inputs, 0) else { return [Tensor(scalar: false)] }
        guard case .some(let element) = value.optionalElement else { return [Tensor(scalar: true)] }
        return [Tensor(scalar: element != nil)]
    }
}
