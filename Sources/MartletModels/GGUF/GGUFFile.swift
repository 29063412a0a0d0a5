import MartletGraph
import MartletSupport
import MartletTensor

/// One GGUF file: its metadata, and named views into its map. Nothing is copied; views need not be aligned.
///
/// Layout: `GGUF`, u32 version, u64 tensors, u64 keys; keys with values; names, dimensions, types and offsets of tensors; padding to
/// `general.alignment`; data. Every length is checked against what is left of the file before anything is sized by it.
package struct GGUFFile: Sendable {
    package let path: String
    package let file: MappedFile
    package let metadata: [String: GGUFValue]
    package let tensors: [String: GGUFTensor]

    package static let maximumString = 16 << 20
    package static let maximumName = 1 << 16
    package static let maximumRank = 8
    package static let maximumAlignment = 1 << 20

    static func hasMagic(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: Array("GGUF".utf8)) }

    /// Throws `FileError` and `GGUFError`.
    package init(_ file: MappedFile) throws {
        path = file.path
        self.file = file
        var reader = ByteReader(path: file.path, bytes: file.bytes)
        guard Self.hasMagic(file.bytes) else {
            throw GGUFError.malformed(file: file.path, offset: 0, reason: "it does not begin with `GGUF`")
        }
        try reader.skip(4)
        let version = try reader.integer(UInt32.self)
        guard version == 2 || version == 3 else { throw GGUFError.version(file: file.path, version: version) }
        // A tensor takes at least 24 bytes, a key 13.
        let tensorCount = try Self.count(&reader, each: 24, "tensors")
        let keyCount = try Self.count(&reader, each: 13, "keys")
        var metadata: [String: GGUFValue] = [:]
        for _ in 0..<keyCount {
            let offset = reader.offset
            let key = try Self.string(&reader, limit: Self.maximumName)
            let value = try Self.value(&reader, file)
            guard metadata.updateValue(value, forKey: key) == nil else {
                throw GGUFError.malformed(file: file.path, offset: offset, reason: "the key `\(key)` stands twice")
            }
        }
        self.metadata = metadata
        let alignment = metadata["general.alignment"]?.int ?? 32
        guard alignment > 0, alignment <= Self.maximumAlignment, alignment & (alignment - 1) == 0 else {
            throw GGUFError.metadata(
                file: file.path, key: "general.alignment", reason: "it is no power of two up to 1048576")
        }
        var entries: [TensorEntry] = []
        for _ in 0..<tensorCount { entries.append(try TensorEntry(&reader)) }
        let dataStart = (reader.offset + alignment - 1) / alignment * alignment
        tensors = try TensorEntry.tensors(entries, file, dataStart: dataStart, alignment: alignment)
    }

    /// A number of things that take at least `each` bytes.
    private static func count(_ reader: inout ByteReader, each: Int, _ what: String) throws -> Int {
        let offset = reader.offset
        let count = try reader.integer(UInt64.self)
        guard count <= UInt64(reader.remaining / each) else {
            throw GGUFError.malformed(
                file: reader.path, offset: offset,
                reason: "\(count) \(what) do not fit into the \(reader.remaining) bytes that are left")
        }
        return Int(count)
    }

    static func string(_ reader: inout ByteReader, limit: Int) throws -> String {
        let offset = reader.offset
        let length = try reader.integer(UInt64.self)
        guard length <= UInt64(min(limit, reader.remaining)) else {
            throw GGUFError.malformed(
                file: reader.path, offset: offset,
                reason: "a text of \(length) bytes does not fit into \(min(limit, reader.remaining))")
        }
        guard let text = String(validating: try reader.take(Int(length)), as: UTF8.self) else {
            throw GGUFError.malformed(file: reader.path, offset: offset, reason: "a text is not UTF-8")
        }
        return text
    }

    private static func kind(_ reader: inout ByteReader) throws -> GGUFKind {
        let offset = reader.offset
        let number = try reader.integer(UInt32.self)
        guard let kind = GGUFKind(rawValue: number) else {
            throw GGUFError.malformed(file: reader.path, offset: offset, reason: "there is no kind of value \(number)")
        }
        return kind
    }

    private static func value(_ reader: inout ByteReader, _ file: MappedFile) throws -> GGUFValue {
        let offset = reader.offset
        let kind = try kind(&reader)
        if let value = try kind.scalar(&reader) { return value }
        guard kind == .array else { return .string(try string(&reader, limit: maximumString)) }
        let element = try Self.kind(&reader)
        guard element != .array else {
            throw GGUFError.malformed(file: reader.path, offset: offset, reason: "an array of arrays")
        }
        let count = try count(&reader, each: element.size ?? 8, "elements")
        let start = reader.offset
        if let size = element.size {
            try reader.skip(count * size)
        } else {
            for _ in 0..<count {
                let at = reader.offset
                let length = try reader.integer(UInt64.self)
                guard length <= UInt64(min(maximumString, reader.remaining)) else {
                    throw GGUFError.malformed(
                        file: reader.path, offset: at,
                        reason: "a text of \(length) bytes does not fit into \(reader.remaining)")
                }
                try reader.skip(Int(length))
            }
        }
        return .array(GGUFArray(file: file, kind: element, count: count, range: start..<reader.offset))
    }
}
