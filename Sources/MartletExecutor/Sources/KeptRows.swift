import MartletData
import MartletPlanner
import MartletTensor

extension Pipeline {
    /// All rows, for a stage that looks up in them; an error if they take more than `memory_limit` allows.
    ///
    /// - Parameter extra: bytes that the stage needs beside each row.
    func keepAll(_ columns: [PlanColumn], stage: String, extra: Int = 0, _ context: QueryContext) throws -> RowBlock {
        let limit = context.settings.memoryLimit ?? TensorMemory.limit
        var blocks: [RowBlock] = []
        var bytes = 0
        while let window = try next(rows: 16_384) {
            for block in window {
                bytes += block.columns.values.reduce(block.rowCount * extra) { $0 + $1.byteCount }
            }
            guard bytes <= limit else { throw ExecutionError.tooManyRows(stage: stage, limit: limit) }
            blocks += window
        }
        return RowBlock.concat(blocks, columns)
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
