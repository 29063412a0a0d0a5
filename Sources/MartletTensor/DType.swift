/// The element type of a tensor.
package enum DType: UInt8, Hashable, Sendable, CaseIterable {
    case float32, float64, float16, bfloat16
    case int8, uint8, int16, uint16, int32, uint32, int64, uint64
    case bool

    /// Bytes of one element.
    package var size: Int {
        switch self {
        case .int8, .uint8, .bool: 1
        case .float16, .bfloat16, .int16, .uint16: 2
        case .float32, .int32, .uint32: 4
        case .float64, .int64, .uint64: 8
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
        }
    }

    package var isFloat: Bool {
        switch self {
        case .float32, .float64, .float16, .bfloat16: true
        default: false
        }
    }

    package var isInteger: Bool { !isFloat && self != .bool }
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
