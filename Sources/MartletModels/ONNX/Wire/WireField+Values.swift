/// Typed reads of a field; each throws `ONNXError.wire` if the wire type is another.
extension WireField {
    private func wrong(_ path: String) -> ONNXError {
        .wire(file: path, offset: offset, reason: .fieldType(number: number))
    }

    func integer(_ path: String) throws -> Int64 {
        guard case .varint(let value) = value else { throw wrong(path) }
        return Int64(bitPattern: value)
    }

    /// An integer within 32 bits, as enums and dtype codes are.
    func code(_ path: String) throws -> Int {
        guard let small = Int32(exactly: try integer(path)) else { throw wrong(path) }
        return Int(small)
    }

    func float(_ path: String) throws -> Float {
        guard case .fixed32(let bits) = value else { throw wrong(path) }
        return Float(bitPattern: bits)
    }

    func bytes(_ path: String) throws -> WireBytes {
        guard case .bytes(let bytes) = value else { throw wrong(path) }
        return bytes
    }

    /// UTF-8 text. Throws also if it is not valid or longer than `limit` bytes.
    func string(_ path: String, limit: Int = 1 << 20) throws -> String {
        let bytes = try bytes(path).bytes
        guard bytes.count <= limit, let text = String(validating: bytes, as: UTF8.self) else {
            throw ONNXError.wire(file: path, offset: offset, reason: .text)
        }
        return text
    }

    func message(_ path: String) throws -> WireReader { WireReader(try bytes(path), path: path) }

    /// Appends the numbers of a repeated varint field, packed or not.
    func appendIntegers(to list: inout [Int64], _ path: String) throws {
        switch value {
        case .varint(let value): list.append(Int64(bitPattern: value))
        case .bytes(let bytes):
            var reader = WireReader(bytes, path: path)
            while !reader.isAtEnd { list.append(Int64(bitPattern: try reader.varint())) }
        default: throw wrong(path)
        }
    }

    /// Appends the numbers of a repeated float field, packed or not.
    func appendFloats(to list: inout [Float], _ path: String) throws {
        switch value {
        case .fixed32(let bits): list.append(Float(bitPattern: bits))
        case .bytes(let bytes):
            var reader = WireReader(bytes, path: path)
            list.reserveCapacity(list.count + bytes.bytes.count / 4)
            while !reader.isAtEnd { list.append(Float(bitPattern: try reader.fixed32())) }
        default: throw wrong(path)
        }
    }

    /// Appends the numbers of a repeated double field, packed or not.
    func appendDoubles(to list: inout [Double], _ path: String) throws {
        switch value {
        case .fixed64(let bits): list.append(Double(bitPattern: bits))
        case .bytes(let bytes):
            var reader = WireReader(bytes, path: path)
            while !reader.isAtEnd { list.append(Double(bitPattern: try reader.fixed64())) }
        default: throw wrong(path)
        }
    }
}
