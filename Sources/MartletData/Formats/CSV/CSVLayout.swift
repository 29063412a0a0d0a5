import MartletSupport

/// What one CSV file looks like, learned from its first rows.
struct CSVLayout {
    var file: String
    var dialect: CSVDialect
    var hasHeader: Bool
    var names: [String]
    /// nil: no values were seen.
    var types: [DataType?]
    var sampledRows: Int
    /// Bytes of a row of the sample, about.
    var rowBytes = 64

    /// Learns the layout of `input`, which stands at its first byte. Throws `ReadError`.
    init(_ input: ByteInput, _ options: CSVReadOptions) throws {
        file = input.name
        try TextCheck.refuseForeign(input)
        let separator = try options.separator ?? CSVLayout.findSeparator(input, options)
        dialect = options.dialect(separator: separator)
        let records = CSVRecords(input, dialect)
        try records.begin(skip: options.skip)
        let declared = options.columns?.map(\.name) ?? options.names
        guard let first = try CSVLayout.firstRecord(records) else {
            guard let declared else { throw ReadError.empty(file: input.name) }
            names = declared
            types = Array(repeating: nil, count: declared.count)
            hasHeader = false
            sampledRows = 0
            return
        }
        let width = first.count
        let place = records.place()
        if let declared {
            guard declared.count == width || options.padsWithNulls && declared.count > width else {
                throw ReadError.fieldCount(place, expected: declared.count, found: width)
            }
            names = declared
            hasHeader =
                options.header ?? first.elementsEqual(declared) { $0.text.lowercased() == $1.lowercased() }
        } else {
            names = []
            hasHeader = options.header ?? true
        }
        let infers = options.columns == nil && !options.allStrings
        var guesses = Array(repeating: CSVTypeGuess(), count: max(width, names.count))
        sampledRows = 0
        if infers || options.header == nil {
            sampledRows = try CSVLayout.sample(records, options, firstIsData: !hasHeader, &guesses)
            if sampledRows > 0 { rowBytes = max(1, input.offset / sampledRows) }
        }
        if options.header == nil, declared == nil, CSVLayout.looksLikeData(first, guesses) {
            let sample = first.prefix(6).map(\.text).joined(separator: String(Unicode.Scalar(separator)))
            throw ReadError.headerLooksLikeData(place, sample: String(sample.prefix(80)))
        }
        if declared == nil {
            let named = hasHeader
            names = first.enumerated().map { position, cell in
                named && !cell.text.isEmpty ? cell.text : "column\(position)"
            }
        }
        types = options.allStrings ? Array(repeating: .string, count: names.count) : guesses.map(\.type)
        var seen: [String: Int] = [:]
        for (position, name) in names.enumerated() {
            if let before = seen.updateValue(position, forKey: name.lowercased()) {
                throw ReadError.duplicateHeader(place, name: name, first: before + 1, second: position + 1)
            }
        }
    }

    /// A field of the first record. Its text is for names and messages.
    struct Cell {
        var text: String
        var guess: CSVTypeGuess
    }

    /// The first record that is not blank, checked to be text; nil at the end of the file.
    private static func firstRecord(_ records: CSVRecords) throws -> [Cell]? {
        while try records.next() {
            try records.checkText()
            if records.isBlank { continue }
            return records.fields.map { field in
                records.withText(field) { text in
                    var guess = CSVTypeGuess()
                    if text.count > 0 { guess.see(text) }
                    return Cell(text: String(decoding: text, as: UTF8.self), guess: guess)
                }
            }
        }
        return nil
    }

    /// Shows the guesses up to `sample_size` rows; returns how many. Rows that reading will refuse end the sample without an
    /// error: the reader names them in their order.
    private static func sample(
        _ records: CSVRecords, _ options: CSVReadOptions, firstIsData: Bool, _ guesses: inout [CSVTypeGuess]
    ) throws -> Int {
        let limit = options.sampleRows ?? .max
        var rows = 0
        var isFirst = firstIsData
        while rows < limit {
            do {
                if !isFirst { guard try records.next() else { break } }
                isFirst = false
                try records.checkText()
            } catch is ReadError {
                guard options.ignoresErrors else { break }
                try records.skipLine()
                continue
            }
            if records.isBlank, guesses.count > 1 { continue }
            let fields = records.fields
            if fields.count > guesses.count || fields.count < guesses.count && !options.padsWithNulls {
                if options.ignoresErrors { continue }
                break
            }
            rows += 1
            for (position, field) in fields.enumerated() {
                let text = records.raw(field)
                if text.count == 0 || (!field.isQuoted && options.isNull(text)) { continue }
                records.withText(field) { guesses[position].see($0) }
            }
        }
        return rows
    }

    /// Every typed column's first field is of that type: no names.
    private static func looksLikeData(_ first: [Cell], _ guesses: [CSVTypeGuess]) -> Bool {
        var typed = 0
        for (cell, guess) in zip(first, guesses) {
            let type = guess.type ?? cell.guess.type ?? .string
            if type == .string { continue }
            typed += 1
            guard let mine = cell.guess.type, mine.unified(with: type) != nil else { return false }
        }
        guard guesses.contains(where: \.hasValues) else { return typed == first.count && typed > 0 }
        return typed > 0
    }

    /// The separator under which the first rows have most often as many fields as the first; more fields win a tie.
    private static func findSeparator(_ input: ByteInput, _ options: CSVReadOptions) throws -> UInt8 {
        let retained = input.retains
        let start = input.position
        input.retains = true
        defer {
            input.retains = retained
            input.position = start
        }
        var best: (separator: UInt8, share: Double, width: Int) = (UInt8(ascii: ","), -1, 1)
        for separator in [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")] {
            input.position = start
            guard separator != options.quote else { continue }
            let records = CSVRecords(input, options.dialect(separator: separator))
            var width = 0
            var rows = 0
            var agreeing = 0
            do {
                try records.begin(skip: options.skip)
                while rows < 100, try records.next() {
                    if records.isBlank { continue }
                    rows += 1
                    if width == 0 { width = records.fields.count }
                    if records.fields.count == width { agreeing += 1 }
                }
            } catch is ReadError {
                rows += 1
            }
            let share = width < 2 ? 0 : Double(agreeing) / Double(max(rows, 1))
            if share > best.share || (share == best.share && width > best.width) { best = (separator, share, width) }
        }
        return best.separator
    }
}

extension CSVRecords {
    /// To be called at the first byte: passes a byte order mark and `skip` lines.
    func begin(skip: Int) throws {
        try skipByteOrderMark()
        for _ in 0..<skip {
            if input.position == input.end {
                try input.fill()
                if input.position == input.end { break }
            }
            try skipLine()
        }
    }

    /// A line without any byte.
    var isBlank: Bool {
        fields.count == 1 && !fields[0].isQuoted && fields[0].start == fields[0].end
    }

    /// Throws if the record has a NUL or is not UTF-8.
    func checkText() throws(ReadError) {
        guard let (index, fault) = TextCheck.firstFault(bytes) else { return }
        let place = place(at: index)
        switch fault {
        case .nul: throw .nul(place)
        case .invalidUTF8: throw .invalidUTF8(place)
        }
    }

    /// The meaning of a field.
    @inline(__always)
    func withText<R>(_ field: CSVField, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
        guard field.isEscaped else { return try body(raw(field)) }
        var decoded: [UInt8] = []
        decode(field, into: &decoded)
        return try decoded.withUnsafeBufferPointer { try body($0) }
    }
}
