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
}
