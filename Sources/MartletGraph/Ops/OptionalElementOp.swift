import MartletTensor

/// What an optional holds; an error if it is empty. Input: optional, or any other value, which is given back.
package struct OptionalElementOp: GraphOp {
    package static let name = "OptionalElement"
    package static let takesContainers = true

    package init() {}

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let type = try operand(inputs, 0).type
        return [type.dtype == .optional ? type.element ?? ValueType(.float32, nil) : type]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let value = try operand(inputs, 0, context)
        guard case .some(let content) = value.optionalElement else { return context.detached([value], from: inputs) }
        guard let content else { throw context.invalid(self, inputs, "the optional is empty") }
        return [content]
    }
}
