import MartletTensor

/// Running sums along an axis. Inputs: x, axis (int32/int64 scalar).
package struct CumSumOp: GraphOp {
    package static let name = "CumSum"
    package var exclusive: Bool
    package var reverse: Bool

    package init(exclusive: Bool = false, reverse: Bool = false) {
        self.exclusive = exclusive
        self.reverse = reverse
    }

    package var attributes: String {
        [exclusive ? "exclusive" : nil, reverse ? "reverse" : nil].compactMap { $0 }.joined(separator: " ")
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let axis = try operand(inputs, 1)
        try requireInteger(inputs, axis, "the axis")
        guard x.type.dtype != .bool else { throw impossible(inputs, "bool cannot be summed") }
        if let at = axis.knownIntegers?.first, let rank = x.type.rank { _ = try resolveAxis(at, rank: rank, inputs) }
        return [x.type]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        if let results = try runWidened(inputs, context) { return results }
        let x = try operand(inputs, 0, context)
        guard let wanted = try operand(inputs, 1, context).integerValues(limit: 1)?.first else {
            throw context.invalid(self, inputs, "the axis is no integer")
        }
        let at = try resolveAxis(wanted, rank: x.rank, inputs, context)
        let result = try context.output(0, x.dtype, x.shape)
        switch x.dtype {
        case .float32: accumulate(x, result, at, Float(0), +)
        case .float64: accumulate(x, result, at, Double(0), +)
        default:
            guard try visitInteger(x.dtype, Integers(op: self, x: x, result: result, axis: at)) != nil else {
                throw context.invalid(self, inputs, "cannot sum \(x.dtype.name)")
            }
        }
        return [result]
    }

    private func accumulate<T: TensorElement>(
        _ x: Tensor, _ result: Tensor, _ axis: Int, _ zero: T, _ add: (T, T) -> T
    ) {
        guard x.count > 0 else { return }
        let from = x.elements(T.self)
        let to = result.mutableElements(T.self)
        let inner = x.shape[(axis + 1)...].reduce(1, *)
        let length = x.shape[axis]
        for row in 0..<(x.count / length) {
            let start = row / inner * length * inner + row % inner
            var sum = zero
            for step in 0..<length {
                let place = start + (reverse ? length - 1 - step : step) * inner
                let next = add(sum, from[place])
                to[place] = exclusive ? sum : next
                sum = next
            }
        }
    }

    private struct Integers: IntegerVisitor {
        let op: CumSumOp
        let x: Tensor
        let result: Tensor
        let axis: Int
        func visit<T: TensorElement & FixedWidthInteger>(_ type: T.Type) { op.accumulate(x, result, axis, T(0), &+) }
    }
}
