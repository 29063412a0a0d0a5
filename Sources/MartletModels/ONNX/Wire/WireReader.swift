import MartletSupport

/// Reads the fields of one protobuf message; no read passes its end.
///
/// Wire format: each field is a varint key (number × 8 + wire type) and a value. Groups are refused.
struct WireReader {
    private var reader: ByteReader

    init(path: String, bytes: UnsafeRawBufferPointer, origin: Int = 0) {
        reader = ByteReader(path: path, bytes: bytes, origin: origin)
    }

    init(_ bytes: WireBytes, path: String) {
        self.init(path: path, bytes: bytes.bytes, origin: bytes.offset)
    }

    var isAtEnd: Bool { reader.isAtEnd }
    /// Offset in the file of the next byte.
    var offset: Int { reader.offset }
    var path: String { reader.path }

    /// The next field, or nil at the end of the message. Throws `ONNXError` and `FileError.outOfBounds`.
    mutating func next() throws -> WireField? {
        guard !reader.isAtEnd else { return nil }
        let start = reader.offset
        let key = try varint()
        guard key >> 3 > 0, key >> 3 < 1 << 29 else {
            throw ONNXError.wire(file: path, offset: start, reason: .fieldNumber)
        }
        let number = Int(key >> 3)
        switch key & 7 {
        case 0: return WireField(number: number, offset: start, value: .varint(try varint()))
        case 1: return WireField(number: number, offset: start, value: .fixed64(try reader.integer()))
        case 2:
            let length = try varint()
            guard length <= UInt64(reader.remaining) else {
                throw ONNXError.wire(
                    file: path, offset: start, reason: .length(length, available: reader.remaining))
            }
            let offset = reader.offset
            let bytes = try reader.take(Int(length))
            return WireField(number: number, offset: start, value: .bytes(WireBytes(bytes: bytes, offset: offset)))
        case 5: return WireField(number: number, offset: start, value: .fixed32(try reader.integer()))
        default: throw ONNXError.wire(file: path, offset: start, reason: .wireType(Int(key & 7)))
        }
    }

    /// A base-128 number of at most ten bytes; the tenth may only be 0 or 1.
    mutating func varint() throws -> UInt64 {
        let start = reader.offset
        var value: UInt64 = 0
        for position in 0..<10 {
            let byte = try reader.integer(UInt8.self)
            if position == 9, byte > 1 { break }
            value |= UInt64(byte & 0x7F) << UInt64(7 * position)
            if byte & 0x80 == 0 { return value }
        }
        throw ONNXError.wire(file: path, offset: start, reason: .varint)
    }

    mutating func fixed32() throws -> UInt32 { try reader.integer() }
    mutating func fixed64() throws -> UInt64 { try reader.integer() }
}

/// The bytes of a length-delimited field and where they start in the file.
struct WireBytes {
    let bytes: UnsafeRawBufferPointer
    let offset: Int
}

/// One field as it stands in the file.
struct WireField {
    enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case bytes(WireBytes)
        case fixed32(UInt32)
    }

    let number: Int
    /// Offset of the field's key in the file.
    let offset: Int
    let value: Value
}
