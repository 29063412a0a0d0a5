import MartletTensor

/// Places of elements that are not zero, int64 [rank, count], in row-major order. Input: x.
package struct NonZeroOp: GraphOp {
    package static let name = "NonZero"

    package init() {}

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        return [ValueType(.int64, [x.type.rank.map { .fixed($0) } ?? .unknown, .unknown])]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }
}
