import MartletTensor

/// Whether each element is not a number. Input: x (floats).
package struct IsNaNOp: GraphOp {
    package static let name = "IsNaN"

    package init() {}

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        try requireFloat(inputs, x)
        return [ValueType(.bool, x.type.shape)]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        let result = try context.output(0, .bool, x.shape)
        switch x.dtype {
        case .float32: mapElements(x, result) { (a: Float) in a.isNaN }
        case .float64: mapElements(x, result) { (a: Double) in a.isNaN }
        default: throw context.invalid(self, inputs, "wants floats")
        }
        return [result]
    }
}
