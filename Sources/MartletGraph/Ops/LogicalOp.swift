import MartletTensor

/// `and`, `or`, `xor` of two bool tensors with broadcasting, or `not` of one. Inputs: x, y.
package struct LogicalOp: GraphOp {
    package enum Kind: String, CaseIterable, Sendable { case and, or, xor, not }

    package static let name = "Logical"
    package var kind: Kind

    package init(_ kind: Kind) { self.kind = kind }

    package var attributes: String { kind.rawValue }
    package var inPlaceInputs: [Int] { kind == .not ? [0] : [0, 1] }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        var operands = [try operand(inputs, 0)]
        if kind != .not { operands.append(try operand(inputs, 1)) }
        for operand in operands where operand.type.dtype != .bool {
            throw impossible(inputs, "\(kind.rawValue) wants bool, not \(operand.type.dtype.name)")
        }
        return [ValueType(.bool, try broadcastShape(inputs, of: operands))]
    }
}
