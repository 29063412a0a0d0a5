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
        var bytes: Int
        do {
            bytes = try Tensor.byteCount(dtype, shape: shape)
        } catch let error as TensorError {
            throw wrong(proto, error.explanation.message)
        }
        if let bits = dtype.packedBits { bytes = (bytes * bits + 7) / 8 }
        if dtype == .string, proto.isExternal || proto.raw != nil {
            throw wrong(proto, "strings are stored as `string_data` only")
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
        if dtype.packedBits != nil { return unpacked(bytes, dtype, shape) }
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
        if let bits = dtype.packedBits {
            guard proto.integers.count == (count * bits + 7) / 8 else {
                throw wrong(proto, "\(proto.integers.count) bytes do not hold a \(dtype.name) tensor of shape \(shape)")
            }
            return proto.integers.map { UInt8(truncatingIfNeeded: $0) }.withUnsafeBytes { unpacked($0, dtype, shape) }
        }
        let stored: Int
        switch dtype {
        case .string: stored = proto.strings.count
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
        case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0:
            let codes = Tensor(proto.integers.map { UInt8(truncatingIfNeeded: $0) }, shape: shape)
            return Tensor(dtype, shape: shape, storage: codes.storage)
        case .string:
            return Tensor(utf8Count: count, shape: shape) { proto.strings[$0].bytes.bindMemory(to: UInt8.self) }
        case .float4e2m1, .int4, .uint4, .int2, .uint2, .sequence, .optional:
            preconditionFailure("bug: \(dtype.name) has no list of its own")
        }
    }

    /// One element in each byte from elements that share bytes, the first in the lowest bits. Integers are sign-extended.
    private func unpacked(_ bytes: UnsafeRawBufferPointer, _ dtype: DType, _ shape: [Int]) -> Tensor {
        let bits = dtype.packedBits ?? 8
        let each = 8 / bits
        let isSigned = dtype == .int4 || dtype == .int2
        let result = Tensor(dtype, shape: shape, storage: TensorStorage(byteCount: shape.reduce(1, *)))
        let target = result.pointer.assumingMemoryBound(to: UInt8.self)
        for index in 0..<result.count {
            let code = bytes[index / each] >> UInt8(index % each * bits) & (1 << UInt8(bits) - 1)
            let isNegative = isSigned && code >> UInt8(bits - 1) == 1
            target[index] = isNegative ? code | ~(1 << UInt8(bits) - 1) : code
        }
        return result
    }

    // MARK: Sparse tensors

    /// A dense tensor from its elements that are not zero. Throws `ONNXError.tensor`.
    func tensor(_ proto: ONNXSparseTensor) throws -> Tensor {
        let values = try tensor(proto.values)
        let indices = try tensor(proto.indices)
        let shape = try proto.dims.map { dim in
            guard let value = Int(exactly: dim), value >= 0 else {
                throw wrong(proto.values, "it has a dimension of \(dim)")
            }
            return value
        }
        guard values.rank == 1, values.dtype.isNumeric, indices.dtype == .int64,
            indices.shape == [values.count] || indices.shape == [values.count, shape.count]
        else { throw wrong(proto.values, "the indices of the sparse tensor do not fit its values") }
        let dense: Tensor
        do {
            dense = try Tensor(values.dtype, shape: shape)
        } catch let error as TensorError {
            throw wrong(proto.values, error.explanation.message)
        }
        dense.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: dense.byteCount)
        let size = values.dtype.size
        let places = indices.values(Int64.self)
        for index in 0..<values.count {
            var place = 0
            if indices.rank == 1 {
                guard let flat = Int(exactly: places[index]), flat >= 0, flat < dense.count else {
                    throw wrong(proto.values, "index \(places[index]) lies outside")
                }
                place = flat
            } else {
                for (axis, dim) in shape.enumerated() {
                    let at = places[index * shape.count + axis]
                    guard at >= 0, at < dim else { throw wrong(proto.values, "index \(at) lies outside axis \(axis)") }
                    place = place * dim + Int(at)
                }
            }
            (dense.pointer + place * size).copyMemory(from: values.pointer + index * size, byteCount: size)
        }
        return dense
    }
}
