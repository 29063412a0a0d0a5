import MartletGraph
import MartletTensor

/// A type of tensors in GGUF files, by ggml's number.
struct GGUFTensorType: Sendable {
    enum Form: Sendable {
        /// Numbers, and their form as stored weights where they can be that.
        case numbers(DType, BlockWeights.Format?)
        case blocks(BlockWeights.Format, elements: Int, bytes: Int)
    }

    let number: UInt32
    let name: String
    let form: Form

    static let table: [GGUFTensorType] = [
        numbers(0, "F32", .float32, .blocks(.f32)),
        numbers(1, "F16", .float16, .blocks(.f16)),
        blocks(2, "Q4_0", .q40),
        blocks(3, "Q4_1", .q41),
        blocks(6, "Q5_0", .q50),
        blocks(7, "Q5_1", .q51),
        blocks(8, "Q8_0", .q80),
        blocks(10, "Q2_K", .q2K),
        blocks(11, "Q3_K", .q3K),
        blocks(12, "Q4_K", .q4K),
        blocks(13, "Q5_K", .q5K),
        blocks(14, "Q6_K", .q6K),
        blocks(15, "Q8_K", .q8K),
        blocks(20, "IQ4_NL", .iq4Nl),
        blocks(23, "IQ4_XS", .iq4Xs),
        numbers(24, "I8", .int8, nil),
        numbers(25, "I16", .int16, nil),
        numbers(26, "I32", .int32, nil),
        numbers(27, "I64", .int64, nil),
        numbers(28, "F64", .float64, nil),
        numbers(30, "BF16", .bfloat16, .blocks(.bf16)),
    ]

    private static func numbers(
        _ number: UInt32, _ name: String, _ dtype: DType, _ stored: BlockWeights.Format?
    ) -> GGUFTensorType {
        GGUFTensorType(number: number, name: name, form: .numbers(dtype, stored))
    }

    private static func blocks(_ number: UInt32, _ name: String, _ format: StoredFormat) -> GGUFTensorType {
        GGUFTensorType(
            number: number, name: name, form: .blocks(.blocks(format), elements: format.elements, bytes: format.bytes))
    }

    private static let byNumber = Dictionary(uniqueKeysWithValues: table.map { ($0.number, $0) })

    static func find(_ number: UInt32) -> GGUFTensorType? { byNumber[number] }

    /// The name of a number, also of types that are not read.
    static func name(_ number: UInt32) -> String { byNumber[number]?.name ?? unread[number] ?? "number \(number)" }

    private static let unread: [UInt32: String] = [
        4: "Q4_2", 5: "Q4_3", 9: "Q8_1", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 21: "IQ3_S",
        22: "IQ2_S", 29: "IQ1_M", 31: "Q4_0_4_4", 32: "Q4_0_4_8", 33: "Q4_0_8_8", 34: "TQ1_0", 35: "TQ2_0",
        39: "MXFP4", 40: "NVFP4",
    ]
}
