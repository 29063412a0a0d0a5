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
        let bytes = try Tensor.byteCount(.string, shape: shape)
        let parts = try operands.map { try texts($0, in: shape) }
        let joined = (0..<(bytes / DType.string.size)).map { Array(parts[0][$0].utf8) + Array(parts[1][$0].utf8) }
        return [try withExtendedLifetime(operands) { try stringTensor(joined, shape: shape) }]
    }

    /// The handles of x, repeated as broadcasting to `shape` says.
    private func texts(_ x: Tensor, in shape: [Int]) throws -> [StringElement] {
        let elements = x.elements(StringElement.self)
        guard x.shape != shape else { return Array(elements) }
        let own = rowMajorStrides(x.shape)
        let lead = shape.count - x.rank
        let strides = shape.indices.map { $0 < lead || x.shape[$0 - lead] == 1 ? 0 : own[$0 - lead] }
        let outer = rowMajorStrides(shape)
        return (0..<shape.reduce(1, *)).map { place in
            var rest = place
            var source = 0
            for axis in shape.indices {
                source += rest / outer[axis] * strides[axis]
                rest %= outer[axis]
            }
            return elements[source]
        }
    }
}
