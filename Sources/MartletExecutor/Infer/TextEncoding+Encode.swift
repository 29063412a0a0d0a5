import MartletData
import MartletSupport
import MartletTokenizers
import Synchronization

extension TextEncoding {
    struct Encoded {
        var tokens: TokenRows
        /// Rows (numbers within the encoded ones) that are too long to be taken.
        var failures: [RowFailure]
        var truncatedRowCount: Int
    }

    /// Token ids of `rows` of the text column, and of the second column for pairs. None of the rows may be null.
    func encode(_ columns: [Column], rows: [Int], pool: ThreadPool) throws -> Encoded {
        let size = TokenRows.chunkRowCount
        let chunkCount = (rows.count + size - 1) / size
        let results = Mutex([ChunkResult?](repeating: nil, count: chunkCount))
        pool.parallelFor(chunkCount) { number in
            let part = rows[number * size..<min((number + 1) * size, rows.count)]
            let result = Result { try encodeChunk(columns, part, firstRow: number * size) }
            results.withLock { $0[number] = ChunkResult(result: result) }
        }
        let chunks = try results.withLock { $0 }.map { box -> (TokenRows.Chunk, [RowFailure]) in
            guard let box else { preconditionFailure("bug: a chunk was not encoded") }
            return try box.result.get()
        }
        let tokens = TokenRows(
            rowCount: rows.count, chunks: chunks.map(\.0), hasTypeIDs: chunks.contains { !$0.0.typeIDs.isEmpty })
        return Encoded(
            tokens: tokens, failures: chunks.flatMap(\.1),
            truncatedRowCount: truncates ? chunks.reduce(0) { $0 + $1.0.truncatedRows.count } : 0)
    }

    private struct ChunkResult: Sendable {
        let result: Result<(TokenRows.Chunk, [RowFailure]), any Error>
    }

    private func encodeChunk(
        _ columns: [Column], _ rows: ArraySlice<Int>, firstRow: Int
    ) throws -> (TokenRows.Chunk, [RowFailure]) {
        var chunk = TokenRows.Chunk()
        chunk.starts.reserveCapacity(rows.count + 1)
        var failures: [RowFailure] = []
        var encoding = Encoding()
        try columns[0].withStrings { texts in
            for (index, row) in rows.enumerated() {
                if takesPairs {
                    try columns[1].withUTF8(row) {
                        try tokenizer.encode(texts[row], pair: $0, maxTokens: maxTokens, into: &encoding)
                    }
                } else {
                    try tokenizer.encode(texts[row], pair: nil, maxTokens: maxTokens, into: &encoding)
                }
                if encoding.wasTruncated {
                    chunk.truncatedRows.append(index)
                    if !truncates {
                        failures.append(
                            RowFailure(
                                row: firstRow + index, explanation: tooLong(encoding.fullLength)))
                        chunk.appendEmpty()
                        continue
                    }
                }
                chunk.append(encoding)
            }
        }
        return (chunk, failures)
    }

    private func tooLong(_ length: Int) -> Explanation {
        Explanation(
            code: "E0501",
            message: "text has \(length) tokens, the model takes \(maxTokens ?? 0), and truncate = false",
            help: "load … with (truncate = true), or add `on error keep as err`")
    }
}

extension TokenRows.Chunk {
    /// Adds one row.
    mutating func append(_ encoding: Encoding) {
        ids.append(contentsOf: encoding.ids)
        let end = ids.count
        if !encoding.typeIDs.isEmpty || !typeIDs.isEmpty {
            let before = end - encoding.ids.count
            if typeIDs.count < before { typeIDs += [Int32](repeating: 0, count: before - typeIDs.count) }
            if encoding.typeIDs.isEmpty {
                typeIDs += [Int32](repeating: 0, count: encoding.ids.count)
            } else {
                typeIDs.append(contentsOf: encoding.typeIDs)
            }
        }
        starts.append(end)
    }

    /// Adds a row without tokens: one that is not run.
    mutating func appendEmpty() { starts.append(ids.count) }
}
