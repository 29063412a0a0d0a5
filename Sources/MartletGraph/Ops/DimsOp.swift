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
}
