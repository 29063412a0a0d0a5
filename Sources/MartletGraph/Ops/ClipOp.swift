import MartletTensor

/// min(max(x, low), high). Inputs: x, low?, high? (scalars of x's dtype).
package struct ClipOp: GraphOp {
    package static let name = "Clip"

    package init() {}

    package var inPlaceInputs: [Int] { [0] }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        for bound in [optional(inputs, 1), optional(inputs, 2)].compactMap({ $0 }) {
            _ = try requireSameDType(inputs, [x, bound])
            if let shape = bound.type.fixedShape, shape.reduce(1, *) != 1 {
                throw impossible(inputs, "a bound is not a scalar")
            }
        }
        guard x.type.dtype != .bool else { throw impossible(inputs, "bool cannot be clipped") }
        return [x.type]
    }
}
