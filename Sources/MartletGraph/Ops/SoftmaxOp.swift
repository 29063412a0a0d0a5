import MartletTensor

/// exp(x) divided by its sum along an axis, or the logarithm of that. Input: x (floats).
package struct SoftmaxOp: GraphOp {
    package static let name = "Softmax"
    package var axis: Int
    package var logarithm: Bool

    package init(axis: Int = -1, logarithm: Bool = false) {
        self.axis = axis
        self.logarithm = logarithm
    }

    package var attributes: String { "axis=\(axis)\(logarithm ? " log" : "")" }
    package var inPlaceInputs: [Int] { [0] }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        try requireFloat(inputs, x)
        if let rank = x.type.rank { _ = try resolveAxis(axis, rank: rank, inputs) }
        return [x.type]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 5 * (outputs.first?.reduce(1, *) ?? 0) }
}
