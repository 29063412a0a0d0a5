import MartletSupport

/// One or more JSON files whose rows are objects.
final class JSONSource: DataSource {
    let name: String
    let schema: Schema
    private let data: DataFiles
    private let options: JSONReadOptions
    private let framing: JSONRecords.Framing
    private let takesAnything: [Bool]
    private let sampledRows: Int
    /// Bytes of a row of the sample, about.
    private let rowBytes: Int

    init(_ data: DataFiles, _ options: JSONReadOptions, _ framing: JSONRecords.Framing) throws {
        name = data.name
        self.data = data
        self.options = options
        self.framing = framing
        if let columns = options.columns {
            for path in data.paths { try data.sample(path) { try TextCheck.refuseForeign($0) } }
            schema = try Schema(columns.map { Field($0.name, $0.type) })
            takesAnything = columns.map { $0.type.isText }
            sampledRows = 0
            rowBytes = 128
            return
        }
        var fields: [Field] = []
        var rows = 0
        var bytes = 0
        for path in data.paths {
            let sample = try data.sample(path) { try JSONSource.sample($0, options, framing) }
            rows += sample.rows
            bytes += sample.bytes
            if fields.isEmpty, path == data.paths[0] {
                fields = sample.fields
            } else {
                fields = try JSONSource.unify(fields, sample.fields, first: data.paths[0], second: path)
            }
        }
        var takesAnything = fields.map { $0.type != .null && $0.type != $0.type.withoutGaps }
        fields = fields.map { Field($0.name, $0.type.withoutGaps) }
        for (name, type) in options.types {
            guard let position = fields.firstIndex(where: { $0.name.lowercased() == name.lowercased() }) else {
                throw ReadError.badOption(
                    name: "types", value: name,
                    wanted: "names of columns"
                        + (closestName(to: name, among: fields.map(\.name)).map { "; did you mean `\($0)`?" } ?? ""))
            }
            fields[position].type = type
            takesAnything[position] = true
        }
        for field in fields { try field.type.checkNames() }
        schema = try Schema(fields)
        self.takesAnything = takesAnything
        sampledRows = rows
        rowBytes = bytes / max(1, rows)
    }

    var files: [String] { data.paths }
    var byteCount: Int? { data.byteCount }
    var isUnchanged: Bool { data.areUnchanged }

    func makeReader(_ request: ScanRequest) throws -> any MorselReader {
        let wanted = request.columns ?? Array(0..<schema.count)
        let parser = JSONLinesParser(
            options: options, source: schema, takesAnything: takesAnything, wanted: wanted, sampledRows: sampledRows,
            schema: schema.selecting(wanted))
        return FileSequence(
            schema: schema.selecting(wanted), width: schema.count, files: files, request: request
        ) { [self] file in
            let input = try data.take(files[file])
            let start = input.offset
            let records = JSONRecords(input, framing, limit: options.maximumRecord)
            guard framing == .lines, !options.ignoresErrors, !request.recordByRecord else {
                return JSONRows(
                    records, options, source: schema, takesAnything: takesAnything, wanted: wanted,
                    sampledRows: sampledRows)
            }
            try records.skipByteOrderMark()
            return WindowRows(input, start: start, lines: 0, parser, rowBytes: rowBytes, pool: request.pool)
        }
    }

    /// The union of the keys of the first rows. Types may have gaps (null) where only nulls were seen.
    private static func sample(
        _ input: ByteInput, _ options: JSONReadOptions, _ framing: JSONRecords.Framing
    ) throws -> (fields: [Field], rows: Int, bytes: Int) {
        try TextCheck.refuseForeign(input)
        let records = JSONRecords(input, framing, limit: options.maximumRecord)
        let guess = JSONGuessFields()
        guess.declared = Set(options.types.map(\.name))
        var keys = 0
        var rows = 0
        while rows < options.sampleRows ?? .max {
            do {
                guard try records.next() else { break }
                try see(records, guess, &keys, onlyWhole: options.ignoresErrors)
                rows += 1
            } catch let error as ReadError {
                // The reader will name it in its order, unless nothing else is known.
                if options.ignoresErrors, try records.recover() { continue }
                if rows == 0 { throw error }
                switch error {
                case .json, .nul, .invalidUTF8, .lineTooLong, .notAnObject, .duplicateKey: break
                default: throw error
                }
                break
            }
        }
        guard rows > 0 else { throw ReadError.empty(file: input.name) }
        return (zip(guess.names, guess.guesses).map { Field($0, $1.type ?? .null) }, rows, input.offset)
    }

    /// With `onlyWhole` a row that is broken at its end says nothing about columns.
    private static func see(
        _ records: JSONRecords, _ guess: JSONGuessFields, _ keys: inout Int, onlyWhole: Bool
    ) throws {
        var scanner = JSONScanner(records.bytes)
        do {
            if onlyWhole {
                var probe = scanner
                try probe.skipValue()
                try probe.expectEnd()
            }
            let kind = try scanner.peek()
            guard kind == .object else { throw ReadError.notAnObject(records.place(), found: kind) }
            try guess.see(&scanner, depth: 0, keys: &keys)
            try scanner.expectEnd()
        } catch let error as JSONError {
            throw records.readError(.syntax(error), at: error.offset, sampledRows: 0)
        } catch let error as JSONMismatch {
            throw records.readError(error, at: scanner.offset, sampledRows: 0)
        } catch let error as JSONGuess.Conflict {
            throw ReadError.mixedTypes(
                records.place(at: scanner.offset), path: pathText(error.path), first: error.first, found: error.found)
        } catch JSONGuess.Limit.keys {
            throw ReadError.tooManyColumns(records.place(), limit: JSONGuess.maximumKeys)
        } catch JSONGuess.Limit.depth {
            throw ReadError.tooDeep(records.place(at: scanner.offset), limit: JSONGuess.maximumDepth)
        }
    }

    /// The keys of both, the first file's first: a key that a row does not have is null, so a file may lack one.
    private static func unify(_ a: [Field], _ b: [Field], first: String, second: String) throws -> [Field] {
        var result = a
        for field in b {
            guard let position = result.firstIndex(where: { $0.name == field.name }) else {
                result.append(field)
                continue
            }
            guard let type = result[position].type.unified(with: field.type) else {
                throw ReadError.schemaMismatch(
                    first: first, second: second, column: field.name,
                    reason: "is \(field.type.text) there and \(result[position].type.text) here")
            }
            result[position].type = type
        }
        return result
    }
}
