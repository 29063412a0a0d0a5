import MartletSupport

/// Checks that text files hold text.
enum TextCheck {
    enum Fault { case nul, invalidUTF8 }

    /// First NUL or first byte of ill-formed UTF-8; nil if there is none. Eight ASCII bytes at a time.
    static func firstFault(_ text: UnsafeBufferPointer<UInt8>) -> (index: Int, fault: Fault)? {
        let raw = UnsafeRawBufferPointer(text)
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        var index = 0
        let count = raw.count
        while index < count {
            while index &+ 8 <= count {
                let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                // Below 0x80 a borrow reaches bit 7 of a byte only from a zero byte at or below it.
                if (word | (word &- ones)) & highs != 0 { break }
                index &+= 8
            }
            let stop = min(count, index &+ 8)
            while index < stop {
                let byte = raw[index]
                if byte == 0 { return (index, .nul) }
                if byte < 0x80 {
                    index &+= 1
                } else {
                    let length = UTF8Sequence.length(in: raw, at: index, end: count)
                    if length == 0 { return (index, .invalidUTF8) }
                    index &+= length
                }
            }
        }
        return nil
    }

    /// Refuses content whose first bytes say that it is something else than text in UTF-8.
    static func refuseForeign(_ input: ByteInput) throws {
        if input.end - input.position < 8, !input.isAtEnd { try input.fill(minimum: 8) }
        let head = UnsafeBufferPointer(start: input.bytes + input.position, count: input.end - input.position)
        for (magic, what, remedy) in foreign where head.count >= magic.count && head.starts(with: magic) {
            throw ReadError.foreign(file: input.name, what: what, remedy: remedy)
        }
    }

    private static let foreign: [([UInt8], String, String)] = [
        ([0xff, 0xfe], "UTF-16 or UTF-32 text", "convert it to UTF-8: iconv -f UTF-16 -t UTF-8"),
        ([0xfe, 0xff], "UTF-16 text", "convert it to UTF-8: iconv -f UTF-16 -t UTF-8"),
        ([0x1f, 0x8b], "compressed with gzip", "decompress it first: gzip -dk"),
        ([0x28, 0xb5, 0x2f, 0xfd], "compressed with zstd", "decompress it first: zstd -dk"),
        ([0x42, 0x5a, 0x68], "compressed with bzip2", "decompress it first: bzip2 -dk"),
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "compressed with xz", "decompress it first: xz -dk"),
        (Array("PAR1".utf8), "a Parquet file", "save it as CSV or JSON Lines"),
        (Array("ARROW1".utf8), "an Arrow file", "save it as CSV or JSON Lines"),
        ([0x50, 0x4b, 3, 4], "a ZIP archive or a spreadsheet", "unpack it, or save the sheet as CSV"),
        (Array("SQLite format 3".utf8), "an SQLite database", "export the table as CSV"),
        (Array("GGUF".utf8), "a GGUF model", "models are loaded by: model name = load '…'"),
        (Array("%PDF".utf8), "a PDF document", "save its table as CSV"),
    ]
}
