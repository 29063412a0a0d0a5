import MartletData
import MartletTensor

/// What a stage that keeps rows may keep in memory: `memory_limit`, in equal shares for such stages of the query.
struct MemoryShare {
    /// Bytes of rows, and of what is made of them beside.
    let bytes: Int

    /// Less makes no sense: a few rows, and what finds them by their keys.
    private static let least = 8_192

    init(_ context: QueryContext) {
        bytes = max((context.settings.memoryLimit ?? TensorMemory.limit) / max(1, context.keepers), Self.least)
    }

    /// Bytes of a block in a file: several of them lie in memory at a time.
    var chunk: Int { min(max(bytes / 32, 512), 256 << 10) }

    /// Runs that are merged at a time.
    var fanIn: Int { min(max(bytes / (4 * chunk), 2), 64) }
}

extension RowBlock {
    /// Bytes that the rows take, about.
    var byteCount: Int { columns.values.reduce(0) { $0 + $1.byteCount } }

    /// The rows in blocks of about `bytes`.
    func cut(bytes: Int) -> [RowBlock] {
        let rows = max(1, rowCount * bytes / max(1, byteCount))
        return cut(into: min(rows, 16_384))
    }
}

extension Column {
    /// Bytes that the rows take, about.
    package var byteCount: Int {
        switch storage {
        case .none: 0
        case .bools: count
        case .ints, .floats: 8 * count
        case .bytes(let offsets, _): 8 * count + offsets[offset + count] - offsets[offset]
        case .list(let offsets, let child):
            8 * count + child.slice(offsets[offset]..<offsets[offset + count]).byteCount
        case .structure(let children):
            children.reduce(0) { $0 + $1.slice(offset..<offset + count).byteCount }
        case .tensor(let tensor): count * tensor.shape.dropFirst().reduce(tensor.dtype.size, *)
        case .tensors(let tensors): tensors[offset..<offset + count].reduce(0) { $0 + $1.byteCount }
        }
    }
}
