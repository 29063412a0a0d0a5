import MartletTensor

/// Integers that follow from the shapes of the run's inputs, as an int64 or int32 vector, or scalar. No inputs.
package struct DimsOp: GraphOp {
    package static let name = "Dims"
    package var dims: [Dim]
    package var isScalar: Bool
    package var dtype: DType

    package init(_ dims: [Dim], isScalar: Bool = false, dtype: DType = .int64) {
        self.dims = dims
        self.isScalar = isScalar
        self.dtype = dtype
    }

    package var attributes: String { "[\(dims.map(\.description).joined(separator: ", "))]" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        guard dtype == .int64 || dtype == .int32, !isScalar || dims.count == 1 else {
            throw impossible(inputs, "dims are an int64 or int32 vector, or one scalar")
        }
        return [ValueType(dtype, isScalar ? [] : [.fixed(dims.count)])]
    }

    package func inferIntegers(_ inputs: [InputInfo?]) -> [Dim]? { dims }
    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        guard let values = context.resolve(dims) else {
            throw context.invalid(self, inputs, "not known in this run: \(attributes)")
        }
        let result = try context.output(0, dtype, isScalar ? [] : [values.count])
        for (index, value) in values.enumerated() {
            if dtype == .int64 {
                result.mutableElements(Int64.self)[index] = Int64(value)
            } else {
                result.mutableElements(Int32.self)[index] = Int32(clamping: value)
            }
        }
        return [result]
    }
}
