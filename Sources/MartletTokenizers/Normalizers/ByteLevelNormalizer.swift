/// Writes each byte as a printable character of GPT-2's alphabet.
struct ByteLevelNormalizer: Normalizer {
    func normalize(_ text: inout [UInt8]) {
        var output: [UInt8] = []
        output.reserveCapacity(text.count * 2)
        for byte in text { UTF8Text.append(UInt32(ByteAlphabet.scalars[Int(byte)]), to: &output) }
        text = output
    }
}
