import MartletData
import MartletTensor
import Testing

/// Columns against lists of values: every operation must do to rows what the plain list operation does.
struct ColumnTests {
    static let types: [DataType] = [
        .null, .bool, .int, .float, .string, .bytes, .timestamp, .list(.int), .list(.list(.string)),
        .structure([Field("a", .int), Field("b", .list(.float))]), .tensor(.float32, shape: [3]),
        .tensor(.int8, shape: [2, 2]), .tensor(.float32, shape: []),
    ]

    static func value(_ type: DataType, _ random: inout Random) -> Value {
        if Int.random(in: 0..<4, using: &random) == 0 { return .null }
        let number = Int.random(in: -3..<4, using: &random)
        switch type {
        case .null: return .null
        case .bool: return .bool(number > 0)
        case .int: return .int(Int64(number))
        case .float: return .float(number == 3 ? .nan : number == 0 ? -0.0 : Double(number) / 2)
        case .string, .labels: return .string(String(repeating: "é\(number)", count: abs(number) * 3))
        case .bytes: return .bytes(Array(repeating: UInt8(number & 255), count: abs(number)))
        case .timestamp: return .timestamp(Int64(number) * 1_000_000)
        case .list(let element): return .list((0..<abs(number)).map { _ in value(element, &random) })
        case .structure(let fields): return .structure(fields.map { .init($0.name, value($0.type, &random)) })
        case .tensor(let dtype, _):
            let shape = type.fixedShape!
            let count = shape.reduce(1, *)
            return dtype == .int8
                ? .tensor(Tensor((0..<count).map { Int8($0 + number) }, shape: shape))
                : .tensor(Tensor((0..<count).map { Float($0 + number) }, shape: shape))
        }
    }

    @Test(arguments: types)
    func operationsActOnRowsAsOnLists(_ type: DataType) {
        var random = Random(state: 7)
        for round in 0..<40 {
            let values = (0..<Int.random(in: 0..<80, using: &random)).map { _ in Self.value(type, &random) }
            var column = Column(values, type: type)
            #expect(cells(column) == values)
            let low = Int.random(in: 0...values.count, using: &random)
            let high = Int.random(in: low...values.count, using: &random)
            column = column.slice(low..<high)
            let rows = Array(values[low..<high])
            #expect(cells(column) == rows)
            #expect(column.nullCount == rows.filter(\.isNull).count)
            let indices = (0..<round).map { _ in rows.isEmpty ? -1 : Int.random(in: -1..<rows.count, using: &random) }
            let gathered = column.gather(indices)
            #expect(cells(gathered) == indices.map { $0 < 0 ? .null : rows[$0] })
            let keep = rows.map { _ in Bool.random(using: &random) }
            #expect(cells(column.filter(Bitmap(keep))) == zip(rows, keep).filter(\.1).map(\.0))
            #expect(
                cells(Column.concat([column, gathered, column], type: type)) == rows
                    + indices.map { $0 < 0 ? .null : rows[$0] } + rows)
            #expect(cells(column.masked(by: Bitmap(keep))) == zip(rows, keep).map { $1 ? $0 : .null })
            #expect(cells(Column.nulls(type, count: 3)) == [.null, .null, .null])
            if let first = rows.first {
                #expect(cells(Column.constant(first, type: type, count: 3)) == [first, first, first])
            }
            var hashes = [UInt64](repeating: 0, count: column.count)
            column.mixHashes(into: &hashes)
            var gatheredHashes = [UInt64](repeating: 0, count: gathered.count)
            gathered.mixHashes(into: &gatheredHashes)
            for a in rows.indices {
                for b in indices.indices where indices[b] >= 0 {
                    let equal = rows[a] == rows[indices[b]]
                    #expect(column.rowEquals(a, gathered, b) == equal)
                    if equal { #expect(hashes[a] == gatheredHashes[b]) }
                }
            }
            var builder = ColumnBuilder(type)
            for value in rows + rows { builder.append(value) }
            builder.truncate(to: rows.count)
            for value in rows { builder.append(value) }
            #expect(cells(builder.finish()) == rows + rows)
        }
    }

    private func cells(_ column: Column) -> [Value] { (0..<column.count).map { column.value($0) } }

    @Test func differentRowsHashDifferently() {
        var hashes = [UInt64](repeating: 0, count: 10_000)
        Column(ints: (0..<10_000).map { $0 }).mixHashes(into: &hashes)
        #expect(Set(hashes).count == 10_000)
        var pairs = [UInt64](repeating: 0, count: 2)
        Column(strings: ["a", "b"]).mixHashes(into: &pairs)
        Column(strings: ["b", "a"]).mixHashes(into: &pairs)
        #expect(pairs[0] != pairs[1])
        var tails = [UInt64](repeating: 0, count: 3)
        Column(strings: ["a", "a\0", "a\0\0"]).mixHashes(into: &tails)
        #expect(Set(tails).count == 3)
    }

    @Test func order() {
        let floats = Column([.float(1), .null, .float(.nan), .float(-.infinity), .float(-0.0), .float(0)])
        let sorted = (0..<6).sorted { (floats.rowOrder($0, floats, $1), $0) < (0, $1) }
        #expect(sorted == [3, 4, 5, 0, 2, 1])
        let strings = Column(strings: ["b", "", "é", "a", "ab", "Z"])
        #expect(
            (0..<6).sorted { strings.rowOrder($0, strings, $1) < 0 }.map { strings.string($0) } == [
                "", "Z", "a", "ab", "b", "é",
            ])
    }

    @Test func wideningAndConstants() {
        #expect(
            cells(Column.concat([Column(ints: [1]), Column(floats: [0.5]), .nulls(.null, count: 1)], type: .float))
                == [.float(1), .float(0.5), .null])
        #expect(cells(Column([.int(1), .null, .float(2)])) == [.float(1), .null, .float(2)])
        #expect(cells(Column([.int(1), .null]).widenedToFloat()) == [.float(1), .null])
        #expect(Column.constant(.int(2), type: .float, count: 2).type == .float)
    }

    @Test func tensorsKeepRowsTogether() throws {
        let column = Column(tensor: Tensor((0..<6).map { Float($0) }, shape: [3, 2]))
        #expect(column.type.text == "float[2]")
        let sliced = column.slice(1..<3).tensor
        let gathered = column.gather([2, -1]).tensor
        withExtendedLifetime((sliced, gathered)) {
            #expect(Array(sliced.elements(Float.self)) == [2, 3, 4, 5])
            #expect(Array(gathered.elements(Float.self)) == [4, 5, 0, 0])
        }
        #expect(column.value(1).text == "[2.0, 3.0]")
        #expect(Value.tensor(Tensor([Float(0.1), 1, 2, 3], shape: [2, 2])).text(limit: 1) == "[[0.1, …], …]")
    }

    @Test func morselsCarryPlaces() throws {
        let schema = try Schema([Field("a", .int)])
        let places = (0..<4).map { RowPlace(source: 0, line: Int64($0 + 2), ordinal: Int64($0 + 1)) }
        let a = Morsel(
            schema: schema, columns: [Column(ints: [1, 2, 3, 4])], rowCount: 4,
            origins: RowOrigins(sources: ["x.csv"], places: places))
        let b = Morsel(schema: schema, columns: [Column(ints: [9])], rowCount: 1)
        let all = Morsel.concat([a.slice(1..<3), b, a.filter(Bitmap([true, false, false, true]))], schema: schema)
        #expect((0..<5).map { all.origins.placeText($0) } == ["x.csv:3", "x.csv:4", nil, "x.csv:2", "x.csv:5"])
        #expect((0..<5).map { all.value(row: $0, column: 0) } == [2, 3, 9, 1, 4].map { .int($0) })
        #expect(all.gather([4, -1]).origins[1] == RowPlace(source: -1, line: 0, ordinal: 0))
    }

    @Test func bitmaps() {
        var random = Random(state: 1)
        for count in [0, 1, 63, 64, 65, 130, 200] {
            let bits = (0..<count).map { _ in Bool.random(using: &random) }
            var bitmap = Bitmap(bits)
            #expect(bitmap.setIndices == bits.indices.filter { bits[$0] })
            for low in stride(from: 0, through: count, by: 13) {
                #expect(bitmap.setBits(in: low..<count) == bits[low...].filter { $0 }.count)
            }
            for low in stride(from: 0, through: count, by: 7) {
                for high in stride(from: low, through: count, by: 11) {
                    #expect(bitmap.slice(low..<high) == Bitmap(bits[low..<high]))
                }
            }
            let others = bits.map { _ in Bool.random(using: &random) }
            #expect(bitmap.intersection(Bitmap(others)) == Bitmap(zip(bits, others).map { $0 && $1 }))
            #expect(Bitmap(repeating: true, count: count).nilIfFull == nil)
            bitmap.append(repeating: true, count: 70)
            #expect(bitmap.setBits(in: 0..<count + 70) == bits.filter { $0 }.count + 70)
            bitmap.truncate(to: count)
            #expect(bitmap == Bitmap(bits))
        }
    }
}
