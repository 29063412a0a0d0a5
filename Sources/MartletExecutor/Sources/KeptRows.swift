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
                bytes += block.byteCount + block.rowCount * extra
            }
            guard bytes <= limit else { throw ExecutionError.tooManyRows(stage: stage, limit: limit) }
            blocks += window
        }
        return RowBlock.concat(blocks, columns)
    }
}
