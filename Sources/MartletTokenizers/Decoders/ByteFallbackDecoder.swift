/// Joins runs of `<0xE2>` into text; bytes that are no UTF-8 become U+FFFD one by one.
struct ByteFallbackDecoder: TokenDecoder {
    func decode(_ tokens: [[UInt8]]) -> [[UInt8]] {
        var output: [[UInt8]] = []
        var run: [UInt8] = []
        func flush() {
            if run.isEmpty { return }
            if run.withUnsafeBufferPointer(UTF8Text.isWellFormed) {
                output.append(run)
            } else {
                output.append(contentsOf: repeatElement(Array("\u{FFFD}".utf8), count: run.count))
            }
            run = []
        }
        for token in tokens {
            if let byte = byte(token) {
                run.append(byte)
            } else {
                flush()
                output.append(token)
            }
        }
        flush()
        return output
    }

    private func byte(_ token: [UInt8]) -> UInt8? {
        guard token.count == 6, token.starts(with: "<0x".utf8), token[5] == UInt8(ascii: ">") else { return nil }
        return UInt8(String(decoding: token[3..<5], as: UTF8.self), radix: 16)
    }
}
