import MartletTensor

/// The upper or lower triangle of the last two axes, zero elsewhere; `diagonal` k > 0 moves it up. Inputs: x, k (int64)?
package struct TriluOp: GraphOp {
    package static let name = "Trilu"
    package var upper: Bool

    package init(upper: Bool = true) { self.upper = upper }

    package var attributes: String { upper ? "upper" : "lower" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        if let rank = x.type.rank, rank < 2 { throw impossible(inputs, "wants at least a matrix") }
        return [x.type]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard x.rank >= 2 else { throw context.invalid(self, inputs, "wants at least a matrix") }
        var diagonal = 0
        if optional(inputs, 1) != nil {
            guard let k = try operand(inputs, 1, context).integerValues(limit: 1)?.first else {
                throw context.invalid(self, inputs, "k is no integer")
            }
            diagonal = k
        }
        let result = try context.output(0, x.dtype, x.shape)
        guard x.count > 0 else { return [result] }
        let (rows, columns) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
        let size = x.dtype.size
        for row in 0..<(x.count / columns) {
            // First column of the upper part; the lower part goes up to and with the diagonal.
            let (sum, overflow) = (row % rows).addingReportingOverflow(diagonal)
            let place = overflow ? (diagonal > 0 ? columns : 0) : sum
            let edge = min(max(upper ? place : (place == .max ? place : place + 1), 0), columns)
            let kept = upper ? edge..<columns : 0..<edge
            let to = result.pointer + row * columns * size
            to.initializeMemory(as: UInt8.self, repeating: 0, count: columns * size)
            if !kept.isEmpty {
                (to + kept.lowerBound * size).copyMemory(
                    from: x.pointer + (row * columns + kept.lowerBound) * size, byteCount: kept.count * size)
            }
        }
        return [result]
    }
}
