import MartletData
import MartletSupport

/// The first byte chooses options, the rest is a file. It ends in rows or in one explained error; morsels of one row and of many
/// hold the same rows; what the writer makes of them reads back the same.
@c(LLVMFuzzerTestOneInput)
func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    guard size > 0 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let choice = bytes[0]
    let format = choice & 1 == 0 ? "jsonl" : "json"
    var options: [(name: String, value: Value)] = [("format", .string(format)), ("max_line_size", .int(4_096))]
    if choice & 2 != 0 { options.append(("ignore_errors", .bool(true))) }
    if choice & 4 != 0 { options.append(("sample_size", .int(2))) }
    if choice & 8 != 0 {
        let types = [
            "float[2,2]", "string", "list(int)", "struct(x float, y timestamp)", "timestamp", "int8[3]", "float",
            "bool",
        ]
        options.append(("columns", .structure([.init("a", .string(types[Int(choice >> 5)]))])))
    }
    let content = Array(bytes.dropFirst())
    let one = rows(content, options, morselRows: 1)
    let many = rows(content, options, morselRows: 100)
    precondition(one?.rows == many?.rows, "rows depend on the size of morsels")
    guard let one, let schema = one.schema, schema.count > 0, !one.rows.isEmpty else { return 0 }
    let sink = MemorySink()
    do {
        let writer = try DataFormats.makeWriter(path: "out." + format, schema: schema, sink: sink)
        let columns = schema.fields.indices.map { position in
            Column(one.rows.map { $0[position] }, type: schema[position].type)
        }
        try writer.write(Morsel(schema: schema, columns: columns, rowCount: one.rows.count))
        try writer.finish()
    } catch {
        preconditionFailure("memory refused bytes: \(error)")
    }
    let declared = Value.structure(schema.fields.map { .init($0.name, .string($0.type.text)) })
    let again = rows(sink.bytes, [("format", .string(format)), ("columns", declared)], morselRows: 7)
    // By text: a double that is a 32-bit float is written as that float.
    precondition(
        again?.rows.map { $0.map(\.text) } == one.rows.map { $0.map(\.text) }, "what was written reads back otherwise")
    return 0
}

/// nil after an error.
private func rows(
    _ bytes: [UInt8], _ options: [(name: String, value: Value)], morselRows: Int
) -> (rows: [[Value]], schema: Schema?)? {
    var rows: [[Value]] = []
    do {
        let source = try DataFormats.open(DataFiles(memory: bytes, name: "fuzz.json"), options: options)
        let reader = try source.makeReader(ScanRequest(morselRows: morselRows))
        while let morsel = try reader.next() {
            for row in 0..<morsel.rowCount { rows.append(morsel.row(row)) }
        }
        return (rows, source.schema)
    } catch let error as any Explainable {
        precondition(!error.explanation.message.isEmpty, "an error without words")
        return nil
    } catch {
        preconditionFailure("an error that cannot be explained: \(error)")
    }
}
