import Foundation
import MartletData
import MartletTensor
import Testing

/// Columns go to bytes and come back; bytes that nobody wrote are an error.
@Suite struct SpillingTests {
    static func columns() throws -> [Column] {
        var lists = ColumnBuilder(.list(.int))
        var structs = ColumnBuilder(.structure([Field("a", .int), Field("b", .string)]))
        var texts = ColumnBuilder(.string)
        for row in 0..<70 {
            if row % 9 == 0 {
                lists.appendNull()
                structs.appendNull()
                texts.appendNull()
                continue
            }
            lists.append(.list((0..<row % 4).map { .int(Int64($0)) }))
            structs.append(.structure([.init("a", .int(Int64(row))), .init("b", .string("b\(row)"))]))
            texts.append(.string(String(repeating: "é", count: row % 5)))
        }
        let vectors = Column(tensor: Tensor((0..<140).map { Float($0) }, shape: [70, 2]))
        let ragged = Column.shaped(
            (0..<70).map { $0 % 5 == 0 ? nil : Tensor(vector: [Float](repeating: 1, count: $0 % 3 + 1)) },
            type: .tensor(.float32, [.unknown]))
        return [
            lists.finish(), structs.finish(), texts.finish(), vectors, ragged,
            Column(ints: (0..<70).map { Int64($0) }), Column(floats: (0..<70).map { $0 == 3 ? .nan : -Double($0) }),
            Column(bools: (0..<70).map { $0 % 3 == 0 }), Column.nulls(.null, count: 70),
            Column.nulls(.timestamp, count: 70),
        ]
    }

    private static func encode(_ column: Column) throws -> ([UInt8], SpilledTypes) {
        var encoder = ColumnEncoder(SpilledTypes())
        try encoder.append(column)
        return (encoder.bytes, encoder.types)
    }

    @Test func columnsComeBack() throws {
        for column in try Self.columns() {
            for part in [column, column.slice(0..<0), column.slice(13..<66), column.slice(69..<70)] {
                let (bytes, types) = try Self.encode(part)
                var decoder = ColumnDecoder(bytes, types, folder: "/tmp")
                let back = try decoder.column()
                #expect(back.type == part.type)
                #expect(back.count == part.count)
                for row in 0..<part.count { #expect(back.rowEquals(row, part, row), "\(part.type.text) row \(row)") }
            }
        }
    }

    @Test func bytesThatNobodyWroteAreAnError() throws {
        for column in try Self.columns() {
            let (bytes, types) = try Self.encode(column.slice(3..<20))
            for length in 0..<bytes.count {
                var decoder = ColumnDecoder(Array(bytes[..<length]), types, folder: "/tmp")
                #expect(throws: SpillError.damaged(folder: "/tmp")) { _ = try decoder.column() }
            }
            for place in stride(from: 0, to: bytes.count, by: 8) {
                for value: UInt64 in [0, 1, 7, 0x7fff_ffff_ffff_ffff, .max, 1 << 39] {
                    var wrong = bytes
                    withUnsafeBytes(of: value) {
                        for (i, byte) in $0.enumerated() where place + i < wrong.count { wrong[place + i] = byte }
                    }
                    var decoder = ColumnDecoder(wrong, types, folder: "/tmp")
                    // Either it is refused, or it could have been written: what cannot be told apart here the file's hash tells.
                    _ = try? decoder.column()
                }
            }
        }
    }

    @Test func aFileThatWasCutIsAnError() throws {
        let folder = try Folder()
        let file = try TemporaryFile(in: folder.path)
        let offset = try [UInt8](repeating: 7, count: 10_000).withUnsafeBytes { try file.append($0) }
        #expect(try file.read(offset..<offset + 10_000) == [UInt8](repeating: 7, count: 10_000))
        #expect(ftruncate(file.descriptor, 5_000) == 0)
        #expect(throws: SpillError.damaged(folder: folder.path)) { _ = try file.read(4_000..<6_000) }
        #expect(try file.read(4_000..<5_000).count == 1_000)
    }

    @Test func stringsInTensorsAreRefused() throws {
        let strings = try Tensor(.string, shape: [2])
        let column = Column(type: .tensor(.string, []), count: 2, storage: .tensor(strings))
        #expect(throws: SpillError.self) { _ = try Self.encode(column) }
    }
}
