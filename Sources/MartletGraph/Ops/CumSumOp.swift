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
}
