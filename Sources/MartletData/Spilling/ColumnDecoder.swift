import MartletTensor

/// Reads what `ColumnEncoder` wrote. No bytes trap it: what cannot have been written is `SpillError.damaged`.
package struct ColumnDecoder {
    private let bytes: [UInt8]
    private let types: [DataType]
    private let damage: SpillError
    private var place = 0

    /// Lists and structs in each other: more cannot come from a query.
    private static let deepest = 64

    package init(_ bytes: [UInt8], _ types: SpilledTypes, folder: String) {
        self.bytes = bytes
        self.types = types.types
        damage = .damaged(folder: folder)
    }

    package mutating func int() throws -> Int {
        let start = try take(8)
        return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start, as: Int.self) }
    }

    /// A number from 0 up for which there can be so many things.
    package mutating func count() throws -> Int {
        let value = try int()
        guard value >= 0, value <= 1 << 40 else { throw damage }
        return value
    }

    package mutating func array<T: BitwiseCopyable>(_ count: Int, of type: T.Type = T.self) throws -> [T] {
        let start = try take(count * MemoryLayout<T>.stride)
        return bytes.withUnsafeBytes { raw in
            [T](unsafeUninitializedCapacity: count) { buffer, filled in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: raw[start..<start + count * MemoryLayout<T>.stride]))
                filled = count
            }
        }
    }

    package mutating func column() throws -> Column { try column(depth: 0) }

    private mutating func column(depth: Int) throws -> Column {
        guard depth < Self.deepest else { throw damage }
        let number = try count()
        guard number < types.count else { throw damage }
        let type = types[number]
        let rows = try count()
        var validity: Bitmap?
        if try int() != 0 { validity = Bitmap(words: try array((rows + 63) / 64), count: rows) }
        let storage: Column.Storage
        switch try int() {
        case 0: storage = .none
        case 1: storage = .bools(try array(rows, of: UInt8.self).map { $0 != 0 })
        case 2: storage = .ints(try array(rows))
        case 3: storage = .floats(try array(rows))
        case 4:
            let offsets = try offsets(rows)
            storage = .bytes(offsets: offsets, bytes: try array(offsets[rows]))
        case 5:
            let offsets = try offsets(rows)
            let child = try column(depth: depth + 1)
            guard child.count == offsets[rows] else { throw damage }
            storage = .list(offsets: offsets, child: child)
        case 6:
            var children: [Column] = []
            for _ in 0..<(try count()) {
                children.append(try column(depth: depth + 1))
                guard children[children.count - 1].count == rows else { throw damage }
            }
            storage = .structure(children)
        case 7:
            let tensor = try tensor(type)
            guard tensor.shape.first == rows else { throw damage }
            storage = .tensor(tensor)
        case 8:
            var tensors: [Tensor] = []
            for _ in 0..<rows { tensors.append(try tensor(type)) }
            storage = .tensors(tensors)
        default: throw damage
        }
        return Column(type: type, count: rows, validity: validity, storage: storage)
    }

    private mutating func offsets(_ rows: Int) throws -> [Int] {
        let offsets: [Int] = try array(rows + 1)
        guard offsets[0] == 0, zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 }) else { throw damage }
        return offsets
    }

    private mutating func tensor(_ type: DataType) throws -> Tensor {
        guard case .tensor(let dtype, _) = type, dtype.isNumeric else { throw damage }
        let rank = try count()
        guard rank <= Tensor.maximumRank else { throw damage }
        var shape: [Int] = []
        for _ in 0..<rank { shape.append(try count()) }
        guard let size = try? Tensor.byteCount(dtype, shape: shape) else { throw damage }
        let start = try take(size)
        let tensor = try Tensor(dtype, shape: shape)
        bytes.withUnsafeBytes { raw in
            UnsafeMutableRawBufferPointer(start: tensor.pointer, count: size).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: raw[start..<start + size]))
        }
        return tensor
    }

    /// The place of the next `count` bytes.
    private mutating func take(_ count: Int) throws -> Int {
        guard count >= 0, count <= bytes.count - place else { throw damage }
        defer { place += count }
        return place
    }
}
