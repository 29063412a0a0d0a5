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
            if let count = bound.type.fixedCount, count != 1 {
                throw impossible(inputs, "a bound is not a scalar")
            }
        }
        guard x.type.dtype != .bool else { throw impossible(inputs, "bool cannot be clipped") }
        return [x.type]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        var bounds: [Tensor?] = []
        for index in 1...2 {
            guard optional(inputs, index) != nil else {
                bounds.append(nil)
                continue
            }
            let bound = try operand(inputs, index, context)
            guard bound.dtype == x.dtype, bound.count == 1 else {
                throw context.invalid(self, inputs, "a bound is no scalar of the input's type")
            }
            bounds.append(bound)
        }
        let result = try context.output(0, x.dtype, x.shape)
        switch x.dtype {
        case .float32: clip(x, bounds, result, Float.self)
        case .float64: clip(x, bounds, result, Double.self)
        default:
            guard try visitInteger(x.dtype, Integers(op: self, x: x, bounds: bounds, result: result)) != nil else {
                throw context.invalid(self, inputs, "cannot clip \(x.dtype.name)")
            }
        }
        return [result]
    }

    private func clip<T: TensorElement & Comparable>(
        _ x: Tensor, _ bounds: [Tensor?], _ result: Tensor, _ type: T.Type
    ) {
        let low = bounds[0].map { $0.elements(T.self)[0] }
        let high = bounds[1].map { $0.elements(T.self)[0] }
        mapElements(x, result) { (a: T) in
            var value = a
            if let low, value < low { value = low }
            if let high, value > high { value = high }
            return value
        }
    }

    private struct Integers: IntegerVisitor {
        let op: ClipOp
        let x: Tensor
        let bounds: [Tensor?]
        let result: Tensor
        func visit<T: TensorElement & FixedWidthInteger>(_ type: T.Type) { op.clip(x, bounds, result, type) }
    }
}
