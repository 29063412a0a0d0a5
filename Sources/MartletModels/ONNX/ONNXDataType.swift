import MartletTensor

/// `TensorProto.DataType` of the ONNX file format.
enum ONNXDataType {
    /// The dtype of a code; nil if there is none of its kind here.
    static func dtype(_ code: Int) -> DType? {
        switch code {
        case 1: .float32
        case 2: .uint8
        case 3: .int8
        case 4: .uint16
        case 5: .int16
        case 6: .int32
        case 7: .int64
        case 8: .string
        case 9: .bool
        case 10: .float16
        case 11: .float64
        case 12: .uint32
        case 13: .uint64
        case 16: .bfloat16
        case 17: .float8e4m3fn
        case 18: .float8e4m3fnuz
        case 19: .float8e5m2
        case 20: .float8e5m2fnuz
        case 21: .uint4
        case 22: .int4
        case 23: .float4e2m1
        case 24: .float8e8m0
        case 25: .uint2
        case 26: .int2
        default: nil
        }
    }

    /// The name in the format's specification.
    static func name(_ code: Int) -> String {
        names.indices.contains(code) ? names[code] : "type \(code)"
    }

    private static let names = [
        "UNDEFINED", "FLOAT", "UINT8", "INT8", "UINT16", "INT16", "INT32", "INT64", "STRING", "BOOL", "FLOAT16",
        "DOUBLE",
        "UINT32", "UINT64", "COMPLEX64", "COMPLEX128", "BFLOAT16", "FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2",
        "FLOAT8E5M2FNUZ", "UINT4", "INT4", "FLOAT4E2M1", "FLOAT8E8M0", "UINT2", "INT2",
    ]
}
