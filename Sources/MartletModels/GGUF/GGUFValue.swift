import MartletSupport

/// A value of a GGUF file's metadata. Arrays stay in the file until they are asked for.
package enum GGUFValue: Sendable {
    case int(Int64)
    /// What no `Int64` holds.
    case large(UInt64)
    case float(Double)
    case bool(Bool)
    case string(String)
    case array(GGUFArray)

    package var int: Int? { if case .int(let value) = self { Int(exactly: value) } else { nil } }
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var string: String? { if case .string(let value) = self { value } else { nil } }
    package var array: GGUFArray? { if case .array(let value) = self { value } else { nil } }

    /// Of integers too.
    package var number: Double? {
        switch self {
        case .float(let value): value
        case .int(let value): Double(value)
        default: nil
        }
    }
}

/// Elements of one kind, where they lie in the file; they were walked over once, so that reading them again cannot fail.
package struct GGUFArray: Sendable {
    let file: MappedFile
    let kind: GGUFKind
    package let count: Int
    /// Bytes of the elements within the file.
    let range: Range<Int>

    private var reader: ByteReader {
        ByteReader(
            path: file.path, bytes: UnsafeRawBufferPointer(rebasing: file.bytes[range]), origin: range.lowerBound)
    }

    /// UTF-8 of each string; nil if the elements are no strings.
    package var strings: [[UInt8]]? {
        guard case .string = kind else { return nil }
        var reader = reader
        var result: [[UInt8]] = []
        result.reserveCapacity(count)
        for _ in 0..<count {
            guard let length = try? reader.integer(UInt64.self), let size = Int(exactly: length),
                let bytes = try? reader.take(size)
            else { return nil }
            result.append(Array(bytes))
        }
        return result
    }

    /// The elements as doubles; nil if they are no numbers.
    package var numbers: [Double]? {
        var reader = reader
        var result: [Double] = []
        result.reserveCapacity(count)
        for _ in 0..<count {
            guard let value = try? kind.scalar(&reader) else { return nil }
            switch value {
            case .bool(let flag): result.append(flag ? 1 : 0)
            default:
                guard let number = value.number else { return nil }
                result.append(number)
            }
        }
        return result
    }

    package var ints: [Int]? {
        guard let numbers else { return nil }
        let result = numbers.compactMap { Int(exactly: $0) }
        return result.count == numbers.count ? result : nil
    }
}

/// Kinds of metadata values, by their number in the file.
enum GGUFKind: UInt32, Sendable {
    case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

    /// Bytes of an element; nil for strings and arrays.
    var size: Int? {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        case .string, .array: nil
        }
    }

    /// A value of one of the fixed sizes; nil for strings and arrays. Throws `FileError`.
    func scalar(_ reader: inout ByteReader) throws -> GGUFValue? {
        switch self {
        case .uint8: .int(Int64(try reader.integer(UInt8.self)))
        case .int8: .int(Int64(try reader.integer(Int8.self)))
        case .uint16: .int(Int64(try reader.integer(UInt16.self)))
        case .int16: .int(Int64(try reader.integer(Int16.self)))
        case .uint32: .int(Int64(try reader.integer(UInt32.self)))
        case .int32: .int(Int64(try reader.integer(Int32.self)))
        case .float32: .float(Double(Float(bitPattern: try reader.integer(UInt32.self))))
        case .bool: .bool(try reader.integer(UInt8.self) != 0)
        case .uint64:
            switch try reader.integer(UInt64.self) {
            case let value where value > UInt64(Int64.max): .large(value)
            case let value: .int(Int64(value))
            }
        case .int64: .int(try reader.integer(Int64.self))
        case .float64: .float(Double(bitPattern: try reader.integer(UInt64.self)))
        case .string, .array: nil
        }
    }
}
