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
}
