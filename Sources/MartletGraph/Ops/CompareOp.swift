import MartletTensor

/// Comparison of two tensors of one dtype with broadcasting, to bool. Inputs: x, y. NaN compares as IEEE has it.
package struct CompareOp: GraphOp {
    package enum Kind: String, CaseIterable, Sendable { case eq, ne, lt, le, gt, ge }

    package static let name = "Compare"
    package var kind: Kind

    package init(_ kind: Kind) { self.kind = kind }

    package var attributes: String { kind.rawValue }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let y = try operand(inputs, 1)
        let dtype = try requireSameDType(inputs, [x, y])
        guard dtype != .string || kind == .eq || kind == .ne else {
            throw impossible(inputs, "strings are equal or not; they have no order")
        }
        return [ValueType(.bool, try broadcastType(inputs, of: [x, y]))]
    }

    /// Truth values as 0 and 1: what `Where` over shapes reads. A symbol stands for a length, so it is never negative.
    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? {
        guard inputs.count == 2, let x = inputs[0], let y = inputs[1], let (left, right) = alignedIntegers(x, y)
        else { return nil }
        return zip(left, right).map { a, b in
            if let x = a.fixedValue, let y = b.fixedValue { return .fixed(compare(x, y) ? 1 : 0) }
            if a.isSame(as: b) { return .fixed(compare(0, 0) ? 1 : 0) }
            if case .symbol = a, let y = b.fixedValue, y < 0 { return .fixed(compare(0, y) ? 1 : 0) }
            if case .symbol = b, let x = a.fixedValue, x < 0 { return .fixed(compare(x, 0) ? 1 : 0) }
            return .unknown
        }
    }

    private func compare(_ x: Int, _ y: Int) -> Bool {
        switch kind {
        case .eq: x == y
        case .ne: x != y
        case .lt: x < y
        case .le: x <= y
        case .gt: x > y
        case .ge: x >= y
        }
    }
}
