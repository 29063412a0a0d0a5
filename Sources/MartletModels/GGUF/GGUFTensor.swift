import MartletGraph
import MartletSupport
import MartletTensor

/// A tensor of a GGUF file.
package struct GGUFTensor: Sendable {
    /// Row-major: the last dimension is the one that lies together, which GGUF puts first.
    package let shape: [Int]
    /// ggml's name of its type.
    package let typeName: String
    /// The numbers, if it is of numbers.
    package let numbers: Tensor?
    /// Its form as weights that are used as they are stored, and their bytes [rows, bytes of a row]; nil for integers and
    /// for scalars.
    package let stored: (format: BlockWeights.Format, bytes: Tensor)?
    package let byteCount: Int
}

/// What the file says of one tensor.
struct TensorEntry {
    let name: String
    let shape: [Int]
    let type: GGUFTensorType
    let offset: UInt64

    init(_ reader: inout ByteReader) throws {
        name = try GGUFFile.string(&reader, limit: GGUFFile.maximumName)
        let rank = try reader.integer(UInt32.self)
        guard rank <= GGUFFile.maximumRank else {
            throw GGUFError.tensor(file: reader.path, tensor: name, reason: "it has \(rank) dimensions")
        }
        var dims: [Int] = []
        for _ in 0..<rank {
            let dim = try reader.integer(UInt64.self)
            guard dim <= UInt64(Tensor.maximumByteCount) else {
                throw GGUFError.tensor(file: reader.path, tensor: name, reason: "a dimension is \(dim)")
            }
            dims.append(Int(dim))
        }
        shape = dims.reversed()
        let number = try reader.integer(UInt32.self)
        guard let type = GGUFTensorType.find(number) else {
            throw GGUFError.tensorType(file: reader.path, tensor: name, type: GGUFTensorType.name(number))
        }
        self.type = type
        offset = try reader.integer(UInt64.self)
    }

    /// Views of all tensors, which must lie inside the data and apart from each other.
    static func tensors(
        _ entries: [TensorEntry], _ file: MappedFile, dataStart: Int, alignment: Int
    ) throws -> [String: GGUFTensor] {
        let data = UnsafeRawBufferPointer(rebasing: file.bytes[min(dataStart, file.count)...])
        let storage = data.isEmpty ? TensorStorage(byteCount: 0) : TensorStorage(file: file, bytes: data)
        var result: [String: GGUFTensor] = [:]
        var spans: [(name: String, range: Range<Int>)] = []
        for entry in entries {
            func wrong(_ reason: String) -> GGUFError {
                .tensor(file: file.path, tensor: entry.name, reason: reason)
            }
            let bytes = try entry.byteCount(file.path)
            guard entry.offset <= UInt64(data.count), bytes <= data.count - Int(entry.offset) else {
                throw wrong("its \(bytes) bytes at offset \(entry.offset) of the data are not in the file")
            }
            let start = Int(entry.offset)
            guard start.isMultiple(of: alignment) else { throw wrong("its offset \(start) is not aligned") }
            if bytes > 0 { spans.append((entry.name, start..<start + bytes)) }
            let tensor = entry.tensor(storage, at: bytes == 0 ? 0 : start, byteCount: bytes)
            guard result.updateValue(tensor, forKey: entry.name) == nil else { throw wrong("it stands twice") }
        }
        spans.sort { $0.range.lowerBound < $1.range.lowerBound }
        for (first, second) in zip(spans, spans.dropFirst()) where second.range.lowerBound < first.range.upperBound {
            throw GGUFError.tensor(file: file.path, tensor: second.name, reason: "it overlaps `\(first.name)`")
        }
        return result
    }

    /// Rows of the last dimension.
    private var rows: Int { shape.dropLast().reduce(1, *) }

    /// Checks the shape. Throws `GGUFError` if it does not fit the type or is too large.
    private func byteCount(_ path: String) throws -> Int {
        let (size, elements) =
            switch type.form {
            case .numbers(let dtype, _): (dtype.size, 1)
            case .blocks(_, let elements, let bytes): (bytes, elements)
            }
        let columns = shape.last ?? 1
        guard columns.isMultiple(of: elements) else {
            throw GGUFError.tensor(
                file: path, tensor: name, reason: "rows of \(columns) are not whole blocks of \(type.name)")
        }
        do {
            // One byte stands for the bytes of an element or block.
            let count = try Tensor.byteCount(.uint8, shape: shape.dropLast() + [columns / elements])
            let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow, bytes <= Tensor.maximumByteCount else {
                throw TensorError.tooLarge(shape: shape, dtype: .uint8)
            }
            return bytes
        } catch {
            throw GGUFError.tensor(file: path, tensor: name, reason: "its shape \(shape) is too large")
        }
    }

    private func tensor(_ storage: TensorStorage, at start: Int, byteCount: Int) -> GGUFTensor {
        var numbers: Tensor?
        let format: BlockWeights.Format?
        switch type.form {
        case .numbers(let dtype, let stored):
            numbers = Tensor(dtype, shape: shape, storage: storage, byteOffset: start)
            format = stored
        case .blocks(let blocks, _, _): format = blocks
        }
        let rowBytes = byteCount / max(rows, 1)
        return GGUFTensor(
            shape: shape, typeName: type.name, numbers: numbers,
            stored: format.map {
                ($0, Tensor(.uint8, shape: [rows, rowBytes], storage: storage, byteOffset: start))
            }, byteCount: byteCount)
    }
}
