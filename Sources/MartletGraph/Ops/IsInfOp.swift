import MartletTensor

/// Whether each element is infinite. Input: x (floats).
package struct IsInfOp: GraphOp {
    package static let name = "IsInf"
    package var detectPositive: Bool
    package var detectNegative: Bool

    package init(detectPositive: Bool = true, detectNegative: Bool = true) {
        self.detectPositive = detectPositive
        self.detectNegative = detectNegative
    }

    package var attributes: String { "positive=\(detectPositive) negative=\(detectNegative)" }

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
        case .float32: mapElements(x, result) { (a: Float) in test(Double(a)) }
        case .float64: mapElements(x, result, test)
        default: throw context.invalid(self, inputs, "wants floats")
        }
        return [result]
    }

    private func test(_ x: Double) -> Bool { detectPositive && x == .infinity || detectNegative && x == -.infinity }
}
