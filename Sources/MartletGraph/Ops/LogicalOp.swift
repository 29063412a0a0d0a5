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
        return [ValueType(.bool, try broadcastType(inputs, of: operands))]
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let left = try operand(inputs, 0, context)
        let right = kind == .not ? left : try operand(inputs, 1, context)
        guard left.dtype == .bool, right.dtype == .bool,
            let shape = MartletGraph.broadcastShape([left.shape, right.shape])
        else { throw context.invalid(self, inputs, "wants bool of shapes that go together") }
        let result = try context.output(0, .bool, shape)
        let x = try detached(left, from: result)
        let y = try detached(right, from: result)
        switch kind {
        case .and: zipElements(x, y, result) { (a: Bool, b: Bool) in a && b }
        case .or: zipElements(x, y, result) { (a: Bool, b: Bool) in a || b }
        case .xor: zipElements(x, y, result) { (a: Bool, b: Bool) in a != b }
        case .not: mapElements(x, result) { (a: Bool) in !a }
        }
        return [result]
    }
}
