/// The element type of a tensor.
package enum DType: UInt8, Hashable, Sendable, CaseIterable {
    case float32, float64, float16, bfloat16
    case int8, uint8, int16, uint16, int32, uint32, int64, uint64
    case bool
    /// 8- and 4-bit floats of the ONNX and OCP formats, and integers of less than a byte: one element in each byte, integers
    /// sign-extended. Files pack the smaller ones; nothing in memory does.
    case float8e4m3fn, float8e4m3fnuz, float8e5m2, float8e5m2fnuz, float8e8m0, float4e2m1
    case int4, uint4, int2, uint2
    /// Handles of UTF-8 strings: see `StringElement`.
    case string
    /// A list of tensors of any shape, and a tensor that may be missing: see `Tensor.init(sequence:)`, `Tensor.init(optional:)`.
    case sequence, optional

    /// Bytes of one element.
    package var size: Int {
        switch self {
        case .int8, .uint8, .bool: 1
        case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0, .float4e2m1: 1
        case .int4, .uint4, .int2, .uint2: 1
        case .float16, .bfloat16, .int16, .uint16: 2
        case .float32, .int32, .uint32: 4
        case .float64, .int64, .uint64, .string, .sequence, .optional: 8
        }
    }

    /// Bits of one element in a file, where several elements share a byte; nil where none do.
    package var packedBits: Int? {
        switch self {
        case .int4, .uint4, .float4e2m1: 4
        case .int2, .uint2: 2
        default: nil
        }
    }

    /// The name in the language and in messages.
    package var name: String {
        switch self {
        case .float32: "float"
        case .float64: "float64"
        case .float16: "float16"
        case .bfloat16: "bfloat16"
        case .int8: "int8"
        case .uint8: "uint8"
        case .int16: "int16"
        case .uint16: "uint16"
        case .int32: "int32"
        case .uint32: "uint32"
        case .int64: "int64"
        case .uint64: "uint64"
        case .bool: "bool"
        case .float8e4m3fn: "float8e4m3fn"
        case .float8e4m3fnuz: "float8e4m3fnuz"
        case .float8e5m2: "float8e5m2"
        case .float8e5m2fnuz: "float8e5m2fnuz"
        case .float8e8m0: "float8e8m0"
        case .float4e2m1: "float4e2m1"
        case .int4: "int4"
        case .uint4: "uint4"
        case .int2: "int2"
        case .uint2: "uint2"
        case .string: "string"
        case .sequence: "sequence"
        case .optional: "optional"
        }
    }

    /// Whether arithmetic computes with it as a float. Floats of 8 and 4 bits are only stored and converted.
    package var isFloat: Bool {
        switch self {
        case .float32, .float64, .float16, .bfloat16: true
        default: false
        }
    }

    /// Whether arithmetic computes with it as an integer. Integers of less than a byte are only stored and converted.
    package var isInteger: Bool {
        switch self {
        case .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .uint64: true
        default: false
        }
    }

    /// Whether products of 8-bit integers take it.
    package var isByte: Bool { self == .int8 || self == .uint8 }

    /// Whether its elements are numbers or truth values, of any size.
    package var isNumeric: Bool { self != .string && !isContainer }

    /// Whether its elements are tensors themselves.
    package var isContainer: Bool { self == .sequence || self == .optional }

    /// Those that a table's columns and the language know.
    package static let columnTypes: [DType] = allCases.filter { $0.isFloat || $0.isInteger || $0 == .bool }
}

/// A Swift type whose values are a tensor's elements. `Bool` is stored as one byte, 0 or 1.
package protocol TensorElement: Sendable {
    static var dtype: DType { get }
}

extension Float: TensorElement { package static var dtype: DType { .float32 } }
extension Double: TensorElement { package static var dtype: DType { .float64 } }
extension Int8: TensorElement { package static var dtype: DType { .int8 } }
extension UInt8: TensorElement { package static var dtype: DType { .uint8 } }
extension Int16: TensorElement { package static var dtype: DType { .int16 } }
extension UInt16: TensorElement { package static var dtype: DType { .uint16 } }
extension Int32: TensorElement { package static var dtype: DType { .int32 } }
extension UInt32: TensorElement { package static var dtype: DType { .uint32 } }
extension Int64: TensorElement { package static var dtype: DType { .int64 } }
extension UInt64: TensorElement { package static var dtype: DType { .uint64 } }
extension Bool: TensorElement { package static var dtype: DType { .bool } }
