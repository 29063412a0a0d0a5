import MartletKernels
import MartletTensor

/// Rotary position embedding: the first 2·pairs columns of each head turned pair by pair (Su et al. 2021), the others copied.
///
/// Inputs: x […, heads·d], cosines and sines […, pairs] with the same leading dimensions. All float32.
package struct RotaryOp: GraphOp {
    package static let name = "Rotary"
    package var heads: Int
    /// Whether a pair is columns 2i and 2i + 1, not i and i + pairs.
    package var isInterleaved: Bool

    package init(heads: Int, isInterleaved: Bool) {
        self.heads = heads
        self.isInterleaved = isInterleaved
    }

    package var attributes: String { "heads=\(heads)\(isInterleaved ? " interleaved" : "")" }
    package var inPlaceInputs: [Int] { [0] }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        let tables = [try operand(inputs, 1), try operand(inputs, 2)]
        for input in [x] + tables where input.type.dtype != .float32 {
            throw impossible(inputs, "wants float, not \(input.type.dtype.name)")
        }
        guard heads > 0 else { throw impossible(inputs, "\(heads) heads") }
        if let width = x.type.shape?.last?.fixedValue {
            guard width.isMultiple(of: heads) else {
                throw impossible(inputs, "\(width) columns do not divide among \(heads) heads")
            }
            for table in tables {
                if let pairs = table.type.shape?.last?.fixedValue, pairs > width / heads / 2 {
                    throw impossible(inputs, "\(pairs) pairs are more than a head of \(width / heads) columns has")
                }
            }
        }
        return [x.type]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 3 * (outputs.first?.reduce(1, *) ?? 0) }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let operand = try operand(inputs, 0, context)
        let cosines = try self.operand(inputs, 1, context)
        let sines = try self.operand(inputs, 2, context)
        guard heads > 0, let width = operand.shape.last, let pairs = cosines.shape.last, width.isMultiple(of: heads),
            pairs <= width / heads / 2, cosines.shape == sines.shape,
            cosines.shape.dropLast() == operand.shape.dropLast(),
            [operand, cosines, sines].allSatisfy({ $0.dtype == .float32 })
        else { throw context.invalid(self, inputs, "x and its cosines and sines do not go together") }
        let result = try context.output(0, .float32, operand.shape)
        let x = try detached(operand, from: result)
        guard result.count > 0 else { return [result] }
        let dim = width / heads
        context.parallelRows(x.count / width, work: 3 * width) { range in
            let place = range.lowerBound * width
            Kernels.rotate(
                x.floats + place, cosines: cosines.floats + range.lowerBound * pairs,
                sines: sines.floats + range.lowerBound * pairs, interleaved: isInterleaved,
                into: result.mutableFloats + place, rows: range.count, heads: heads, dim: dim, pairs: pairs)
        }
        return [result]
    }
}
