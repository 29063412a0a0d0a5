import MartletGraph
import MartletTensor

extension ONNXOp {
    /// ONNX Runtime: rows of a table in integers of 4 or 8 bits with a scale for each block of a row; the table is used packed
    /// as it is.
    static let microsoftGatherBlockQuantized = ONNXOp(
        "GatherBlockQuantized", domain: "com.microsoft", inputs: 3...4,
        one: { call in
            let data = try call.input(0)
            let bits = try call.int("bits", default: 4)
            guard call.dtype(data) == .uint8 else {
                throw call.wrong("a table of \(call.dtype(data).name) is not supported, only of packed uint8")
            }
            guard let shape = call.type(data).fixedShape, shape.count == 2,
                try call.int("gather_axis", default: 0) == 0,
                try [1, -1].contains(call.int("quantize_axis", default: 1)), [2, 4, 8].contains(bits)
            else { throw call.wrong("only rows of matrices that are quantized along their rows are supported") }
            let block = try call.count("block_size", default: 128)
            let columns = shape[1] * 8 / bits
            guard columns.isMultiple(of: block) else {
                throw call.wrong("rows of \(columns) are not whole blocks of \(block)")
            }
            let scales = try call.input(2)
            let table = BlockWeights(.packed(bits: bits, group: block), columns: columns)
            let y = try call.emit(
                BlockEmbeddingOp(table), call.cast(call.input(1), to: .int64), data, call.floats(scales),
                call.optional(3))
            return try call.cast(y, to: call.dtype(scales))
        })
}
