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
}
