import MartletData
import MartletSupport

/// Writes results to a descriptor as text of a data format, as they come.
package final class ResultWriter {
    private let sink: DescriptorSink
    private let writer: any MorselWriter

    /// Formats by name: `csv`, `jsonl`, `json`, `tsv`.
    package static var formats: [String] { DataFormats.table.entries.map(\.name) }

    /// - Parameters:
    ///   - format: one of `formats`.
    ///   - header: whether column names come first, where the format leaves the choice.
    ///   - descriptor: open for writing; it stays open. `path` is its name in messages.
    package init(
        format: String, header: Bool = true, _ stream: ResultStream, descriptor: Int32 = 1,
        path: String = "standard output"
    ) throws(MartletError) {
        sink = DescriptorSink(descriptor: descriptor, path: path)
        do {
            guard let entry = DataFormats.table[format] else {
                throw ReadError.unknownFormat(name: format, suggestion: DataFormats.table.suggestion(for: format))
            }
            let hasHeader = entry.writeOptions.contains { $0.name == "header" }
            let options = try FormatOptions(
                hasHeader ? [(name: "header", value: .bool(header))] : [], allowed: entry.writeOptions,
                format: entry.name)
            writer = try entry.makeWriter(stream.schema, options, sink)
        } catch {
            throw MartletError(error)
        }
    }

    package func write(_ results: Results) throws(MartletError) {
        do { for morsel in results.morsels { try writer.write(morsel) } } catch { throw MartletError(error) }
    }

    /// Hands what was written so far to the system.
    package func flush() throws(MartletError) {
        do {
            try writer.flush()
            try sink.flush()
        } catch {
            throw MartletError(error)
        }
    }

    package func finish() throws(MartletError) {
        do {
            try writer.finish()
            try sink.flush()
        } catch {
            throw MartletError(error)
        }
    }
}

/// Writes text to a descriptor; a gone reader and a full disk are errors of the same kind as those of results.
package final class TextWriter {
    private let sink: DescriptorSink

    package init(descriptor: Int32 = 1, path: String = "standard output") {
        sink = DescriptorSink(descriptor: descriptor, path: path)
    }

    /// Makes the file at `path` hold `text`: at once, or not at all.
    package static func replace(_ path: String, with text: String) throws(MartletError) {
        var text = text
        do {
            let file = try AtomicFile(path: path)
            try text.withUTF8 { try file.write(UnsafeRawBufferPointer($0)) }
            try file.commit()
        } catch {
            throw MartletError(error)
        }
    }

    /// Writes and flushes.
    package func write(_ text: String) throws(MartletError) {
        var text = text
        do {
            try text.withUTF8 { try sink.write(UnsafeRawBufferPointer($0)) }
            try sink.flush()
        } catch {
            throw MartletError(error)
        }
    }
}
