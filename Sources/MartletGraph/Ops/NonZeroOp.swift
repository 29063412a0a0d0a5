import MartletTensor

/// Places of elements that are not zero (strings: not empty), int64 [rank, count], in row-major order. Input: x.
package struct NonZeroOp: GraphOp {
    package static let name = "NonZero"

    package init() {}

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        return [ValueType(.int64, [x.type.rank.map { .fixed($0) } ?? .unknown, .unknown])]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let places: [Int]
        if x.dtype == .string {
            let texts = x.elements(StringElement.self)
            places = texts.indices.filter { !texts[$0].utf8.isEmpty }
        } else {
            let truth = try x.converted(to: .bool)
            places = truth.elements(Bool.self).indices.filter { truth.elements(Bool.self)[$0] }
        }
        let result = try context.output(0, .int64, [x.rank, places.count])
        let to = result.mutableElements(Int64.self)
        let strides = rowMajorStrides(x.shape)
        for (column, place) in places.enumerated() {
            var rest = place
            for axis in 0..<x.rank {
                to[axis * places.count + column] = Int64(rest / strides[axis])
                rest %= strides[axis]
            }
        }
        return [result]
    }
}
