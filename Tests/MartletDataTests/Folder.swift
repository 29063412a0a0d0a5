import Foundation
import MartletData

/// A temporary folder that goes with its last reference.
final class Folder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/martlet-data-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    func read(_ name: String) -> String? {
        FileManager.default.contents(atPath: path + "/" + name).map { String(decoding: $0, as: UTF8.self) }
    }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

/// All rows of a source, and the reader that read them.
func readAll(
    _ path: String, _ options: [(name: String, value: Value)] = [], _ request: ScanRequest = ScanRequest()
) throws -> (rows: [[Value]], schema: Schema, reader: any MorselReader) {
    let source = try DataFormats.open(path, options: options)
    let reader = try source.makeReader(request)
    var rows: [[Value]] = []
    while let morsel = try reader.next() {
        for row in 0..<morsel.rowCount { rows.append(morsel.row(row)) }
    }
    return (rows, reader.schema, reader)
}

/// Deterministic random numbers (SplitMix64).
struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}
