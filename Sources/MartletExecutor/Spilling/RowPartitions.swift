import MartletData
import MartletPlanner

/// Rows in a file, parted by the hash of their keys: rows with equal keys are in one part, in their order.
final class RowPartitions {
    /// A part, once all rows are there.
    struct Part {
        var extents: [BlockFile.Extent] = []
        var rowCount = 0
        var byteCount = 0
        /// Whether all rows have one hash, so that parting them again does not help.
        var isOfOneKey = true
        fileprivate var hash: UInt64?
    }

    private static let bits = 4
    private static let count = 1 << bits
    /// Parts within parts; then all bits of a hash are used up.
    static let deepest = 64 / bits - 1

    let level: Int
    private let columns: [PlanColumn]
    private let file: BlockFile
    private let chunk: Int
    private var held: [[RowBlock]]
    private var heldBytes: [Int]
    private var parts: [Part]

    /// - Parameter level: how many times the rows were parted before.
    init(_ columns: [PlanColumn], _ context: QueryContext, profileIndex: Int, level: Int) throws {
        self.level = level
        self.columns = columns
        file = try BlockFile(context, profileIndex: profileIndex)
        chunk = MemoryShare(context).chunk
        held = Array(repeating: [], count: Self.count)
        heldBytes = Array(repeating: 0, count: Self.count)
        parts = Array(repeating: Part(), count: Self.count)
        context.profile.update(profileIndex) { $0.spill.partitions += Self.count }
    }

    func add(_ block: RowBlock, hashes: [UInt64]) throws {
        var rows = [[Int]](repeating: [], count: Self.count)
        for (row, hash) in hashes.enumerated() {
            let part = Int(truncatingIfNeeded: hash >> UInt64(Self.bits * level)) & (Self.count - 1)
            rows[part].append(row)
            if parts[part].isOfOneKey {
                if parts[part].hash == nil { parts[part].hash = hash }
                parts[part].isOfOneKey = parts[part].hash == hash
            }
        }
        for (part, rows) in rows.enumerated() where !rows.isEmpty {
            let taken = rows.count == block.rowCount ? block : block.gather(rows)
            held[part].append(taken)
            heldBytes[part] += taken.byteCount + 8 * taken.rowCount
            if heldBytes[part] >= chunk { try flush(part) }
        }
    }

    private func flush(_ part: Int) throws {
        guard !held[part].isEmpty else { return }
        for block in RowBlock.concat(held[part], columns).cut(bytes: 2 * chunk) {
            let extent = try file.append(block)
            parts[part].extents.append(extent)
            parts[part].rowCount += extent.rowCount
            parts[part].byteCount += extent.byteCount
        }
        held[part] = []
        heldBytes[part] = 0
    }

    /// No more rows come.
    func finish() throws -> [Part] {
        for part in held.indices { try flush(part) }
        return parts
    }

    func read(_ extent: BlockFile.Extent) throws -> RowBlock { try file.read(extent) }
}
