import MartletTensor

/// x followed by y, element by element with broadcasting. Inputs: x, y (strings).
package struct StringConcatOp: GraphOp {
    package static let name = "StringConcat"

    package init() {}

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let y = try operand(inputs, 1)
        guard try requireSameDType(inputs, [x, y]) == .string else { throw impossible(inputs, "joins strings only") }
        return [ValueType(.string, try broadcastType(inputs, of: [x, y]))]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let operands = [try operand(inputs, 0, context), try operand(inputs, 1, context)]
        guard let shape = broadcastShape(operands.map(\.shape)), operands.allSatisfy({ $0.dtype == .string }) else {
            throw context.invalid(self, inputs, "the shapes do not broadcast, or these are no strings")
        }
        // Handles alone: the operands own the strings.
        let parts = try operands.map { operand in
            guard operand.shape != shape else { return operand }
            let spread = try Tensor(.string, shape: shape)
            copyBroadcast(from: operand, to: spread)
            return spread
        }
        return [
            try withExtendedLifetime((operands, parts)) {
                let (x, y) = (parts[0].elements(StringElement.self), parts[1].elements(StringElement.self))
                return try stringTensor(zip(x, y).map { Array($0.utf8) + Array($1.utf8) }, shape: shape)
            }
        ]
    }
}
