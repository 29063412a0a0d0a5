import Martlet

/// Prints the rows of one query to standard output in a format.
struct ResultPrinter {
    let format: OutputFormat
    let hasHeader: Bool
    let terminal: Terminal

    /// Prints all rows of `stream`. `progress` is taken away while there is output.
    func print(_ stream: ResultStream, _ progress: ProgressLine?) throws(MartletError) {
        switch format {
        case .box: try box(stream, progress)
        case .markdown: try markdown(stream, progress)
        case .csv, .json, .jsonl: try rows(stream, progress)
        }
    }

    private func box(_ stream: ResultStream, _ progress: ProgressLine?) throws(MartletError) {
        var sample = BoxSample()
        while let results = try stream.next() { sample.add(results) }
        let table = sample.table(
            columns: stream.columns, width: Terminal.width(), isColored: terminal.colorsOutput)
        try hiding(progress) { () throws(MartletError) in try TextWriter().write(table.text) }
    }

    private func markdown(_ stream: ResultStream, _ progress: ProgressLine?) throws(MartletError) {
        let table = MarkdownTable(columns: stream.columns)
        let writer = TextWriter()
        if hasHeader { try hiding(progress) { () throws(MartletError) in try writer.write(table.header) } }
        while let results = try stream.next() {
            try hiding(progress) { () throws(MartletError) in try writer.write(table.lines(results)) }
        }
    }

    private func rows(_ stream: ResultStream, _ progress: ProgressLine?) throws(MartletError) {
        let writer = try ResultWriter(format: format.rawValue, header: hasHeader, stream)
        while let results = try stream.next() {
            try hiding(progress) { () throws(MartletError) in
                try writer.write(results)
                if terminal.outputIsTerminal { try writer.flush() }
            }
        }
        try hiding(progress) { () throws(MartletError) in try writer.finish() }
    }

    private func hiding(
        _ progress: ProgressLine?, _ body: () throws(MartletError) -> Void
    ) throws(MartletError) {
        // Only where both write to the same screen.
        guard let progress, terminal.outputIsTerminal else { return try body() }
        try progress.hidden(body)
    }
}
