import MartletData
import MartletSupport
import Testing

private struct WindowOutcome {
    var rows: [[Value]] = []
    var places: [RowPlace] = []
    var error: ReadError?
}

private func readWindows(
    _ path: String, _ options: [(name: String, value: Value)], recordByRecord: Bool, columns: [Int]? = nil,
    morselRows: Int = 2_048, window: Int = 5_000, threads: Int = 3
) throws -> WindowOutcome {
    let source = try DataFormats.open(path, options: options)
    var request = ScanRequest(columns: columns, morselRows: morselRows, pool: ThreadPool(threadCount: threads))
    request.recordByRecord = recordByRecord
    let reader = try source.makeReader(request)
    var outcome = WindowOutcome()
    do {
        while true {
            let morsels = try reader.next(rows: recordByRecord ? 1 : window)
            if morsels.isEmpty { break }
            for morsel in morsels {
                #expect(morsel.rowCount > 0 && morsel.rowCount <= morselRows)
                for row in 0..<morsel.rowCount {
                    outcome.rows.append(morsel.row(row))
                    outcome.places.append(morsel.origins[row])
                }
            }
        }
    } catch let error as ReadError {
        outcome.error = error
    }
    return outcome
}

/// Expects the rows, their places and the error that reading record by record gives.
func expectWindowsAgree(
    _ path: String, _ options: [(name: String, value: Value)] = [], columns: [Int]? = nil, note: String
) throws {
    let expected = try readWindows(path, options, recordByRecord: true, columns: columns)
    for (morselRows, window, threads) in [(2_048, 5_000, 3), (7, 100, 1)] {
        let outcome = try readWindows(
            path, options, recordByRecord: false, columns: columns, morselRows: morselRows, window: window,
            threads: threads)
        #expect(outcome.error == expected.error, "\(note)")
        #expect(outcome.rows.count == expected.rows.count, "\(note)")
        #expect(outcome.rows == expected.rows, "\(note)")
        #expect(outcome.places == expected.places, "\(note)")
    }
}
