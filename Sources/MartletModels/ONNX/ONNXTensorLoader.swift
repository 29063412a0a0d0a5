import MartletSupport
import MartletTensor

/// Turns TensorProtos into tensors: views into the map where the data lies raw in a file, owned memory else.
///
/// Small unaligned data is copied; large unaligned data stays a view, to be packed or copied once by whoever runs it.
final class ONNXTensorLoader {
    let file: MappedFile
    private let folder: String
    private var externalFiles: [String: MappedFile] = [:]

    /// Unaligned tensors up to this size are copied.
    static let copyLimit = 1 << 16

    init(file: MappedFile, folder: String) {
        self.file = file
        self.folder = folder
    }

    /// Paths of the external data files that were mapped, sorted.
    var externalPaths: [String] { externalFiles.values.map(\.path).sorted() }

    /// Throws `ONNXError.tensor`, `TensorError`, `FileError`, `ModelError.unsafePath`.
    func tensor(_ proto: ONNXTensor) throws -> Tensor {
        guard let dtype = ONNXDataType.dtype(proto.dataType) else {
            throw wrong(proto, "its type \(ONNXDataType.name(proto.dataType)) is not supported")
        }
        let shape = try proto.dims.map { dim in
            guard let value = Int(exactly: dim), value >= 0 else { throw wrong(proto, "it has a dimension of \(dim)") }
            return value
        }
        let bytes: Int
        do {
            bytes = try Tensor.byteCount(dtype, shape: shape)
        } catch let error as TensorError {
            throw wrong(proto, error.explanation.message)
        }
        if proto.isExternal { return try external(proto, dtype, shape, bytes) }
        if let raw = proto.raw {
            guard raw.bytes.count == bytes else {
                throw wrong(proto, "\(raw.bytes.count) bytes do not hold a \(dtype.name) tensor of shape \(shape)")
            }
            return view(of: file, raw.bytes, dtype, shape)
        }
        return try typed(proto, dtype, shape)
    }

    func wrong(_ proto: ONNXTensor, _ reason: String) -> ONNXError {
        .tensor(file: file.path, name: proto.name, offset: proto.offset, reason: reason)
    }

    private func view(of file: MappedFile, _ bytes: UnsafeRawBufferPointer, _ dtype: DType, _ shape: [Int]) -> Tensor {
        guard bytes.count > 0 else {
            return Tensor(dtype, shape: shape, storage: TensorStorage(byteCount: 0))
        }
        // Any byte but 0 is true in a file, only 1 is in memory.
        if dtype == .bool { return Tensor(bytes.map { $0 != 0 }, shape: shape) }
        let view = Tensor(dtype, shape: shape, storage: TensorStorage(file: file, bytes: bytes))
        return bytes.count <= Self.copyLimit ? view.aligned() : view
    }

    // MARK: Data in another file

    private func external(_ proto: ONNXTensor, _ dtype: DType, _ shape: [Int], _ bytes: Int) throws -> Tensor {
        guard let location = proto.external["location"] else { throw wrong(proto, "its external data has no location") }
        guard isInsideFolder(location) else { throw ModelError.unsafePath(file: file.path, path: location) }
        let offset = try number(proto, "offset") ?? 0
        let length = try number(proto, "length") ?? bytes
        guard length == bytes else {
            throw wrong(proto, "\(length) bytes do not hold a \(dtype.name) tensor of shape \(shape)")
        }
        let data = try mapped(location)
        guard offset <= data.count, bytes <= data.count - offset else {
            throw wrong(proto, "its data is at bytes \(offset)…+\(bytes) of `\(location)`, which has \(data.count)")
        }
        return view(of: data, UnsafeRawBufferPointer(rebasing: data.bytes[offset..<offset + bytes]), dtype, shape)
    }

    private func number(_ proto: ONNXTensor, _ key: String) throws -> Int? {
        guard let text = proto.external[key] else { return nil }
        guard let value = Int(text), value >= 0 else { throw wrong(proto, "its external \(key) is `\(text)`") }
        return value
    }

    private func mapped(_ location: String) throws -> MappedFile {
        if let known = externalFiles[location] { return known }
        let made = try MappedFile(path: "\(folder)/\(location)")
        externalFiles[location] = made
        return made
    }

    // MARK: Data in typed fields

    private func typed(_ proto: ONNXTensor, _ dtype: DType, _ shape: [Int]) throws -> Tensor {
        let count = shape.reduce(1, *)
        let stored: Int
        switch dtype {
        case .float32: stored = proto.floats.count
        case .float64: stored = proto.doubles.count
        default: stored = proto.integers.count
        }
        guard stored == count else {
            throw wrong(proto, "it has \(stored) elements, its shape \(shape) needs \(count)")
        }
        switch dtype {
        case .float32: return Tensor(proto.floats, shape: shape)
        case .float64: return Tensor(proto.doubles, shape: shape)
        case .int64: return Tensor(proto.integers, shape: shape)
        case .uint64: return Tensor(proto.integers.map { UInt64(bitPattern: $0) }, shape: shape)
        case .int32: return Tensor(proto.integers.map { Int32(truncatingIfNeeded: $0) }, shape: shape)
        case .uint32: return Tensor(proto.integers.map { UInt32(truncatingIfNeeded: $0) }, shape: shape)
        case .int16: return Tensor(proto.integers.map { Int16(truncatingIfNeeded: $0) }, shape: shape)
        case .uint16: return Tensor(proto.integers.map { UInt16(truncatingIfNeeded: $0) }, shape: shape)
        case .int8: return Tensor(proto.integers.map { Int8(truncatingIfNeeded: $0) }, shape: shape)
        case .uint8: return Tensor(proto.integers.map { UInt8(truncatingIfNeeded: $0) }, shape: shape)
        case .bool: return Tensor(proto.integers.map { $0 != 0 }, shape: shape)
        case .float16, .bfloat16:
            let bits = Tensor(proto.integers.map { UInt16(truncatingIfNeeded: $0) }, shape: shape)
            return Tensor(dtype, shape: shape, storage: bits.storage)
        }
    }
}
