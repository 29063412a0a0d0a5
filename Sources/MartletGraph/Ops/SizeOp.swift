import MartletTensor

/// The number of elements of x, int64 scalar. Input: x.
package struct SizeOp: GraphOp {
    package static let name = "Size"

    package init() {}

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        _ = try operand(inputs, 0)
        return [ValueType(.int64, [])]
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? {
        guard let shape = inputs.first??.type.shape else { return nil }
        return [Dim.product(shape)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        let result = try context.output(0, .int64, [])
        result.mutableElements(Int64.self)[0] = Int64(x.count)
        return [result]
    }
}
