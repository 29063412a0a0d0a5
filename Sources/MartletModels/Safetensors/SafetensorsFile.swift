import MartletSupport
import MartletTensor

/// One safetensors file: named views into its map. Nothing is copied; views need not be aligned.
///
/// Layout: u64 little-endian length n, n bytes of JSON, data. Checked: every length, that tensors lie inside the data,
/// that their bytes are what dtype and shape need, and that none overlaps another. Gaps are allowed.
package struct SafetensorsFile: Sendable {
    package let path: String
    package let tensors: [String: Tensor]
    package let metadata: [String: String]

    package static let maximumHeader = 100 << 20

    /// Throws `FileError`, `SafetensorsError`, `JSONError`.
    package init(path: String) throws { try self.init(MappedFile(path: path)) }

    package init(_ file: MappedFile) throws {
        path = file.path
        let bytes = file.bytes
        guard bytes.count >= 8 else { throw SafetensorsError.tooShort(file: path, size: bytes.count) }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        let available = bytes.count - 8
        guard length >= 2, length <= UInt64(min(available, Self.maximumHeader)) else {
            throw SafetensorsError.headerLength(file: path, length: length, available: available)
        }
        let headerEnd = 8 + Int(length)
        let header: JSON
        do {
            header = try JSON.parse(UnsafeRawBufferPointer(rebasing: bytes[8..<headerEnd]))
        } catch {
            throw error.inFile(path)
        }
        guard let members = header.object?.members else {
            throw SafetensorsError.header(file: path, tensor: nil, reason: "it is not a JSON object")
        }
        let data = UnsafeRawBufferPointer(rebasing: bytes[headerEnd...])
        var spans: [Span] = []
        var metadata: [String: String] = [:]
        for (name, entry) in members {
            if name == "__metadata__" {
                for (key, value) in entry.object?.members ?? JSONObject().members { metadata[key] = value.string }
            } else {
                spans.append(try Self.span(name, entry, available: data.count, path))
            }
        }
        try Self.checkOverlap(spans, path)
        let storage = data.baseAddress == nil ? nil : TensorStorage(file: file, bytes: data)
        var tensors: [String: Tensor] = [:]
        for span in spans {
            let holder = span.range.isEmpty ? TensorStorage(byteCount: 0) : storage ?? TensorStorage(byteCount: 0)
            tensors[span.name] = Tensor(
                span.dtype, shape: span.shape, storage: holder,
                byteOffset: span.range.isEmpty ? 0 : span.range.lowerBound)
        }
        self.tensors = tensors
        self.metadata = metadata
    }

    private struct Span {
        let name: String
        let dtype: DType
        let shape: [Int]
        let range: Range<Int>
    }

    private static let dtypes: [String: DType] = [
        "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16, "I64": .int64, "I32": .int32,
        "I16": .int16, "I8": .int8, "U64": .uint64, "U32": .uint32, "U16": .uint16, "U8": .uint8, "BOOL": .bool,
    ]

    private static func span(_ name: String, _ entry: JSON, available: Int, _ path: String) throws -> Span {
        func wrong(_ reason: String) -> SafetensorsError { .header(file: path, tensor: name, reason: reason) }
        guard let kind = entry["dtype"]?.string else { throw wrong("`dtype` is missing") }
        guard let dtype = dtypes[kind] else {
            throw SafetensorsError.unknownDType(file: path, tensor: name, dtype: kind)
        }
        guard let dims = entry["shape"]?.array else { throw wrong("`shape` is missing") }
        guard dims.count <= Tensor.maximumRank else { throw wrong("it has \(dims.count) dimensions") }
        let shape = dims.compactMap(\.int)
        guard shape.count == dims.count, shape.allSatisfy({ $0 >= 0 }) else { throw wrong("`shape` is not of counts") }
        guard let offsets = entry["data_offsets"]?.array, offsets.count == 2, let begin = offsets[0].int,
            let end = offsets[1].int
        else { throw wrong("`data_offsets` is not a pair of integers") }
        guard 0 <= begin, begin <= end, end <= available else {
            throw SafetensorsError.offsets(file: path, tensor: name, begin: begin, end: end, available: available)
        }
        guard try Tensor.byteCount(dtype, shape: shape) == end - begin else {
            throw SafetensorsError.size(file: path, tensor: name, shape: shape, dtype: kind, bytes: end - begin)
        }
        return Span(name: name, dtype: dtype, shape: shape, range: begin..<end)
    }

    private static func checkOverlap(_ spans: [Span], _ path: String) throws {
        let ordered = spans.filter { !$0.range.isEmpty }.sorted { $0.range.lowerBound < $1.range.lowerBound }
        for (first, second) in zip(ordered, ordered.dropFirst()) where second.range.lowerBound < first.range.upperBound
        {
            throw SafetensorsError.overlap(file: path, first: first.name, second: second.name)
        }
    }
}
