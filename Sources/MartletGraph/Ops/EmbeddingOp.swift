import MartletKernels
import MartletTensor

/// Sum of table rows picked by ids, then layer norm if `epsilon` is given.
///
/// Inputs: for each table: table [count, hidden] (constant; float32, float16, bfloat16), ids (int32 or int64 of any shape,
/// broadcast together; nil means row 0 throughout); then gamma?, beta?. The first ids must be there. An id outside
/// its table is an error. Result: float [ids…, hidden].
package struct EmbeddingOp: GraphOp {
    package static let name = "Embedding"
    package var tableCount: Int
    package var epsilon: Float?

    package init(tableCount: Int = 1, epsilon: Float? = nil) {
        self.tableCount = tableCount
        self.epsilon = epsilon
    }

    package var attributes: String { "tables=\(tableCount)\(epsilon.map { " norm eps=\($0)" } ?? "")" }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        guard tableCount > 0, inputs.count >= 2 * tableCount, inputs.count <= 2 * tableCount + 2 else {
            throw impossible(inputs, "\(inputs.count) inputs for \(tableCount) tables")
        }
        var hidden: Int?
        var shape: [Dim]? = []
        for table in 0..<tableCount {
            guard let constant = try operand(inputs, 2 * table).constant, constant.rank == 2,
                [.float32, .float16, .bfloat16].contains(constant.dtype)
            else { throw impossible(inputs, "a table is no constant float matrix") }
            guard hidden == nil || hidden == constant.shape[1] else {
                throw impossible(inputs, "the tables' rows differ in length")
            }
            hidden = constant.shape[1]
            guard let ids = inputs[2 * table + 1] else {
                guard table > 0 else { throw impossible(inputs, "the first ids are missing") }
                continue
            }
            guard ids.type.dtype == .int32 || ids.type.dtype == .int64 else {
                throw impossible(inputs, "ids are \(ids.type.dtype.name), not int32 or int64")
            }
            if let known = shape, let other = ids.type.shape {
                guard let joint = broadcastDims(known, other) else {
                    throw impossible(inputs, "the ids do not go together")
                }
                shape = joint
            } else {
                shape = nil
            }
        }
        for index in (2 * tableCount)..<(2 * tableCount + 2) {
            guard let parameter = optional(inputs, index) else { continue }
            guard parameter.type.dtype == .float32, parameter.type.fixedShape == hidden.map({ [$0] }) else {
                throw impossible(inputs, "gamma and beta are float[\(hidden ?? 0)]")
            }
        }
        return [ValueType(.float32, shape.map { $0 + [.fixed(hidden ?? 0)] })]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int {
        (tableCount - 1 + (epsilon == nil ? 0 : 8)) * (outputs.first?.reduce(1, *) ?? 0)
    }

    /// Tables are read row by row, wherever they lie.
    package var unalignedInputs: Range<Int> { 0..<(2 * max(tableCount, 0)) }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        guard tableCount > 0, inputs.count >= 2 * tableCount else {
            throw context.invalid(self, inputs, "there are fewer inputs than tables")
        }
        var tables: [Tensor] = []
        var ids: [Tensor?] = []
        for table in 0..<tableCount {
            guard let rows = inputs[2 * table], rows.rank == 2,
                rows.shape[1] == tables.first?.shape[1] ?? rows.shape[1],
                rows.dtype.isFloat
            else { throw context.invalid(self, inputs, "the tables are no float matrices of one width") }
            tables.append(rows)
            ids.append(try inputs[2 * table + 1].map { _ in try operand(inputs, 2 * table + 1, context) })
        }
        guard ids[0] != nil, let shape = broadcastShape(ids.compactMap { $0?.shape }) else {
            throw context.invalid(self, inputs, "the first ids are missing, or the ids do not go together")
        }
        let hidden = tables[0].shape[1]
        let result = try context.output(0, .float32, shape + [hidden])
        guard result.count > 0 else { return [result] }
        for (table, places) in zip(tables, ids) {
            try check(places, table, inputs, context)
        }
        let gamma = try optional(inputs, 2 * tableCount).map { _ in try operand(inputs, 2 * tableCount, context) }
        let beta = try optional(inputs, 2 * tableCount + 1).map { _ in
            try operand(inputs, 2 * tableCount + 1, context)
        }
        guard [gamma, beta].allSatisfy({ $0.map { $0.dtype == .float32 && $0.count == hidden } ?? true }) else {
            throw context.invalid(self, inputs, "gamma and beta are float[\(hidden)]")
        }
        let spread = try ids.map { try $0.map { try spreadIDs($0, shape) } }
        let epsilon = epsilon
        let rows = result.count / hidden
        let sources = tables
        context.parallelRows(rows, work: hidden * (tableCount + 8)) { range in
            let row = try? Tensor(.float32, shape: [hidden])
            for index in range {
                let target = result.mutableFloats + index * hidden
                for (position, table) in sources.enumerated() {
                    let place = spread[position].map { Int($0.elements(Int64.self)[index]) } ?? 0
                    let source = table.pointer + place * hidden * table.dtype.size
                    if position == 0 {
                        Kernels.convert(source, table.dtype.element, into: target, .f32, count: hidden)
                    } else if table.dtype == .float32, table.isAligned {
                        _ = Kernels.binary(
                            .add, type: .f32, target, xStep: 1, source, yStep: 1, into: target, count: hidden)
                    } else if let row {
                        Kernels.convert(source, table.dtype.element, into: row.pointer, .f32, count: hidden)
                        _ = Kernels.binary(
                            .add, type: .f32, target, xStep: 1, row.pointer, yStep: 1, into: target, count: hidden)
                    }
                }
                if let epsilon {
                    Kernels.layerNorm(
                        target, gamma: gamma?.floats, beta: beta?.floats, epsilon: epsilon, into: target, rows: 1,
                        columns: hidden)
                }
            }
        }
        return [result]
    }

    private func check(_ ids: Tensor?, _ table: Tensor, _ inputs: [Tensor?], _ context: RunContext) throws {
        guard let ids else {
            guard table.shape[0] > 0 else { throw context.invalid(self, inputs, "a table is empty") }
            return
        }
        let count = table.shape[0]
        let outside: Int? =
            switch ids.dtype {
            case .int32: ids.elements(Int32.self).first { $0 < 0 || Int($0) >= count }.map(Int.init)
            case .int64: ids.elements(Int64.self).first { $0 < 0 || $0 >= Int64(count) }.map(Int.init)
            default: throw context.invalid(self, inputs, "ids are \(ids.dtype.name), not int32 or int64")
            }
        if let outside {
            throw context.invalid(self, inputs, "id \(outside) is outside a table of \(count) rows")
        }
    }

    /// int64, one for each row of the result.
    private func spreadIDs(_ ids: Tensor, _ shape: [Int]) throws -> Tensor {
        let wide = try ids.converted(to: .int64)
        guard ids.shape != shape else { return wide }
        let result = try Tensor(.int64, shape: shape)
        copyBroadcast(from: wide, to: result)
        return result
    }
}
