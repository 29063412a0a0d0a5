import MartletTensor

/// Rows of a table by number. Inputs: numbers (int32 or int64 […, 1]), table [n + 1, width]; result […, width]. A number outside
/// 0..<n takes the last row.
package struct NumberedRowsOp: GraphOp {
    package static let name = "NumberedRows"

    package init() {}

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let numbers = try operand(inputs, 0)
        let table = try operand(inputs, 1)
        try requireInteger(inputs, numbers, "numbers")
        guard let rows = table.type.shape else { return [ValueType(table.type.dtype, nil)] }
        guard rows.count == 2, rows[0].fixedValue != 0, table.type.dtype == .float32 else {
            throw impossible(inputs, "the table is no float matrix of at least one row")
        }
        guard let shape = numbers.type.shape else { return [ValueType(.float32, nil)] }
        guard let last = shape.last, last.fixedValue ?? 1 == 1 else {
            throw impossible(inputs, "the last axis of the numbers is not 1")
        }
        return [ValueType(.float32, Array(shape.dropLast()) + [rows[1]])]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let numbers = try operand(inputs, 0, context)
        let table = try operand(inputs, 1, context)
        guard table.rank == 2, table.shape[0] > 0, table.dtype == .float32, numbers.shape.last == 1 else {
            throw context.invalid(self, inputs, "the table and the numbers do not go together")
        }
        let result = try context.output(0, .float32, Array(numbers.shape.dropLast()) + [table.shape[1]])
        switch numbers.dtype {
        case .int32: copy(numbers.elements(Int32.self), table, result, context)
        case .int64: copy(numbers.elements(Int64.self), table, result, context)
        default: throw context.invalid(self, inputs, "the numbers are of type \(numbers.dtype.name)")
        }
        return [result]
    }

    private func copy<T: FixedWidthInteger & TensorElement>(
        _ numbers: UnsafeBufferPointer<T>, _ table: Tensor, _ result: Tensor, _ context: RunContext
    ) {
        let (size, last) = (table.shape[1] * MemoryLayout<Float>.size, table.shape[0] - 1)
        let (from, to) = (table.pointer, result.pointer)
        context.parallelRows(numbers.count, work: table.shape[1]) { rows in
            for row in rows {
                let place = Int(exactly: numbers[row]).map { $0 >= 0 && $0 < last ? $0 : last } ?? last
                (to + row * size).copyMemory(from: from + place * size, byteCount: size)
            }
        }
    }
}
