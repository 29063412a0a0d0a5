/// Turns the printable alphabet of byte-level BPE back into bytes.
struct ByteLevelDecoder: TokenDecoder {
    func decode(_ tokens: [[UInt8]]) -> [[UInt8]] {
        let bytes = tokens.flatMap { token -> [UInt8] in
            let scalars = UTF8Text.scalars(token)
            let bytes = scalars.compactMap { ByteAlphabet.bytes[$0] }
            // A token with any other character, such as an added one, stands for itself.
            return bytes.count == scalars.count ? bytes : token
        }
        return [Array(String(decoding: bytes, as: UTF8.self).utf8)]
    }
}
