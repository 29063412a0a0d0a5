import MartletKernels
import MartletTensor

/// Rows of a table that is used as it is stored. Inputs: ids (int32 or int64 of any shape), the three of `BlockWeights`.
/// Result: float [ids…, columns]. An id outside the table is an error.
package struct BlockEmbeddingOp: GraphOp {
    package static let name = "BlockEmbedding"
    package var table: BlockWeights

    package init(_ table: BlockWeights) { self.table = table }

    package var attributes: String { table.text }
    package static let dataInput = 1
    package var unalignedInputs: Range<Int> { Self.dataInput..<Self.dataInput + 1 }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let ids = try operand(inputs, 0)
        guard ids.type.dtype == .int32 || ids.type.dtype == .int64 else {
            throw impossible(inputs, "ids are \(ids.type.dtype.name), not int32 or int64")
        }
        _ = try table.inferRows(self, inputs, first: Self.dataInput)
        return [ValueType(.float32, ids.type.shape.map { $0 + [.fixed(table.columns)] })]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let given = try operand(inputs, 0, context)
        let (matrix, rows) = try table.matrix(self, inputs, first: Self.dataInput, context)
        let ids = try places(given, in: rows, inputs, context)
        let result = try context.output(0, .float32, given.shape + [table.columns])
        guard result.count > 0 else { return [result] }
        ids.withUnsafeBufferPointer { ids in
            guard let base = ids.baseAddress else { return }
            withExtendedLifetime(inputs) {
                context.parallelRows(ids.count, work: 4 * table.columns) { range in
                    Kernels.gather(
                        matrix, ids: base + range.lowerBound,
                        into: result.mutableFloats + range.lowerBound * table.columns, rows: range.count)
                }
            }
        }
        return [result]
    }

    /// The ids as int32, each checked.
    private func places(
        _ ids: Tensor, in rows: Int, _ inputs: [Tensor?], _ context: RunContext
    ) throws -> [Int32] {
        guard let values = ids.integerValues() else {
            throw context.invalid(self, inputs, "ids are \(ids.dtype.name), not int32 or int64")
        }
        return try values.map { value in
            guard value >= 0, value < rows, let id = Int32(exactly: value) else {
                throw context.invalid(self, inputs, "id \(value) is outside a table of \(rows) rows")
            }
            return id
        }
    }
}
