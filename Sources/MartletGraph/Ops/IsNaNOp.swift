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
}
