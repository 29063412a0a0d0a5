import Martlet

/// Prints the rows of one query in a format.
struct ResultPrinter {
    let format: OutputFormat
    let hasHeader: Bool
    let terminal: Terminal
    let output: OutputTarget
    /// Columns that a box may take; nil: those of the window.
    let width: Int?
    /// The program for results that are longer than the screen; nil: none.
    let pager: String?

    /// Rows of a box in a pager, first and last; nobody pages through more.
    private static let pagedHalf = 5_000
    /// Columns that a cell may take in a pager, where a line may be longer than the screen.
    private static let pagedCell = 100

    /// What became of the pager.
    enum Outcome: Equatable { case printed, pagerIsMissing }

    /// Prints all rows of `stream`. `progress` is taken away while there is output; `observe` sees all rows.
    func print(
        _ stream: ResultStream, _ progress: ProgressLine?, observe: (Results) -> Void
    ) throws(MartletError) -> Outcome {
        func next() throws(MartletError) -> Results? {
            let results = try stream.next()
            if let results { observe(results) }
            return results
        }
        return format == .box
            ? try box(stream.columns, progress, next) : try lines(stream, progress, next)
    }

    private typealias Next = () throws(MartletError) -> Results?

    private var isScreen: Bool { terminal.outputIsTerminal && !output.isFile }

    // MARK: A box

    private func box(
        _ columns: [Results.Column], _ progress: ProgressLine?, _ next: Next
    ) throws(MartletError) -> Outcome {
        var sample = BoxSample(half: pager == nil ? BoxSample.usualHalf : Self.pagedHalf)
        while let results = try next() { sample.add(results) }
        let isColored = output.isFile ? terminal.colorsAlways : terminal.colorsOutput
        // The box has six lines beside its rows, and the prompt one.
        if let pager, sample.shownCount + 7 > Terminal.height(), isScreen {
            let table = sample.table(
                columns: columns, width: 1_000_000, isColored: isColored, largestCell: Self.pagedCell)
            progress?.finish()
            if try paged(table.text, pager) { return .printed }
            try write(shortened(sample, columns, isColored), progress)
            return .pagerIsMissing
        }
        try write(shortened(sample, columns, isColored), progress)
        return .printed
    }

    private func shortened(_ sample: BoxSample, _ columns: [Results.Column], _ isColored: Bool) -> String {
        sample.table(columns: columns, width: width ?? Terminal.width(), isColored: isColored).text
    }

    private func write(_ text: String, _ progress: ProgressLine?) throws(MartletError) {
        try hiding(progress) { () throws(MartletError) in
            try TextWriter(descriptor: output.descriptor, path: output.path).write(text)
        }
    }

    /// False if there is no such pager.
    private func paged(_ text: String, _ command: String) throws(MartletError) -> Bool {
        guard let pager = Pager(command) else { return false }
        do throws(MartletError) {
            try TextWriter(descriptor: pager.descriptor, path: command).write(text)
        } catch {
            // Who leaves early has seen enough.
            guard error.isClosedPipe else { throw error }
        }
        return pager.finish()
    }

    // MARK: Lines as they come

    private func lines(
        _ stream: ResultStream, _ progress: ProgressLine?, _ next: Next
    ) throws(MartletError) -> Outcome {
        guard let command = pager, isScreen else {
            let writer = try LineWriter(format, hasHeader: hasHeader, stream, output.descriptor, output.path)
            while let results = try next() {
                try hiding(progress) { () throws(MartletError) in
                    try writer.write(results)
                    if isScreen { try writer.flush() }
                }
            }
            try hiding(progress) { () throws(MartletError) in try writer.finish() }
            return .printed
        }
        // Whether a pager is needed shows when there are more lines than the screen has.
        var held: [Results] = []
        var count = hasHeader ? 1 : 0
        var isEnded = false
        while count < Terminal.height(), !isEnded {
            if let results = try next() {
                held.append(results)
                count += results.rowCount
            } else {
                isEnded = true
            }
        }
        let started = isEnded ? nil : Pager(command)
        if started != nil { progress?.finish() }
        do throws(MartletError) {
            let writer = try LineWriter(
                format, hasHeader: hasHeader, stream, started?.descriptor ?? 1, started?.command ?? output.path)
            for results in held {
                try hiding(progress) { () throws(MartletError) in try writer.write(results) }
            }
            while !isEnded, let results = try next() {
                try hiding(progress) { () throws(MartletError) in
                    try writer.write(results)
                    try writer.flush()
                }
            }
            try hiding(progress) { () throws(MartletError) in try writer.finish() }
        } catch {
            let isThere = started?.finish() ?? true
            if error.isClosedPipe, started != nil { return isThere ? .printed : .pagerIsMissing }
            throw error
        }
        return started?.finish() ?? true ? .printed : .pagerIsMissing
    }

    private func hiding(
        _ progress: ProgressLine?, _ body: () throws(MartletError) -> Void
    ) throws(MartletError) {
        // Only where both write to the same screen.
        guard let progress, isScreen else { return try body() }
        try progress.hidden(body)
    }
}

/// Writes a result line by line in one of the formats that need not see all of it.
private struct LineWriter {
    private enum Kind {
        case markdown(MarkdownTable, TextWriter)
        case data(ResultWriter)
    }

    private let kind: Kind

    init(
        _ format: OutputFormat, hasHeader: Bool, _ stream: ResultStream, _ descriptor: Int32, _ path: String
    ) throws(MartletError) {
        guard format == .markdown else {
            kind = .data(
                try ResultWriter(
                    format: format.rawValue, header: hasHeader, stream, descriptor: descriptor, path: path))
            return
        }
        let writer = TextWriter(descriptor: descriptor, path: path)
        let table = MarkdownTable(columns: stream.columns)
        if hasHeader { try writer.write(table.header) }
        kind = .markdown(table, writer)
    }

    func write(_ results: Results) throws(MartletError) {
        switch kind {
        case .markdown(let table, let writer): try writer.write(table.lines(results))
        case .data(let writer): try writer.write(results)
        }
    }

    func flush() throws(MartletError) { if case .data(let writer) = kind { try writer.flush() } }
    func finish() throws(MartletError) { if case .data(let writer) = kind { try writer.finish() } }
}
