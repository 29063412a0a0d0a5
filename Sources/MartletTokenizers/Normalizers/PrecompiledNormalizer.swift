import MartletSupport

/// SentencePiece's compiled character map: a double array over UTF-8 (darts-clone), leading to NUL-terminated replacements.
struct PrecompiledNormalizer: Normalizer {
    private let units: [UInt32]
    private let replacements: [UInt8]

    init(_ part: PartReader) throws(TokenizerError) {
        let text = try part.string("precompiled_charsmap")
        guard let blob = decodeBase64(text.utf8) else {
            throw part.invalid("precompiled_charsmap", "is not base64")
        }
        // A little-endian length in bytes, that many bytes of 32-bit units, then the replacements.
        func word(_ offset: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(blob[offset + $1]) << UInt32(8 * $1) }
        }
        guard blob.count >= 4, word(0) % 4 == 0, Int(word(0)) <= blob.count - 4 else {
            throw part.invalid("precompiled_charsmap", "is cut off")
        }
        let size = Int(word(0))
        units = (0..<size / 4).map { word(4 + $0 * 4) }
        replacements = Array(blob[(4 + size)...])
        guard replacements.withUnsafeBufferPointer(UTF8Text.isWellFormed) else {
            throw part.invalid("precompiled_charsmap", "has replacements that are not UTF-8")
        }
    }

    func normalize(_ text: inout [UInt8]) {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + text.count / 4)
        for character in String(decoding: text, as: UTF8.self) {
            let grapheme = Array(character.utf8)
            // As in the reference: a short cluster may map as a whole, by its shortest mapped prefix.
            if grapheme.count < 6, let replacement = replacement(of: grapheme[...]) {
                output.append(contentsOf: replacement)
                continue
            }
            var start = 0
            while start < grapheme.count {
                let end = min(start + UTF8Text.length(first: grapheme[start]), grapheme.count)
                output.append(contentsOf: replacement(of: grapheme[start..<end]) ?? grapheme[start..<end])
                start = end
            }
        }
        text = output
    }

    /// What the shortest mapped prefix of `key` becomes; nil if none is mapped.
    private func replacement(of key: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let root = units.first else { return nil }
        var position = offset(root)
        for byte in key where byte != 0 {
            position ^= Int(byte)
            guard units.indices.contains(position) else { return nil }
            let unit = units[position]
            // Label and leaf bit of the unit must be this byte's.
            guard unit & 0x8000_00FF == UInt32(byte) else { return nil }
            position ^= offset(unit)
            if unit >> 8 & 1 == 1 {
                guard units.indices.contains(position) else { return nil }
                let start = Int(units[position] & 0x7FFF_FFFF)
                // A place inside a scalar would make the text malformed.
                guard start < replacements.count, replacements[start] & 0xC0 != 0x80 else { return nil }
                return replacements[start...].prefix { $0 != 0 }
            }
        }
        return nil
    }

    private func offset(_ unit: UInt32) -> Int {
        Int((unit >> 10) << ((unit & (1 << 9)) >> 6))
    }
}

/// The bytes of base64 text with padding; nil if it is malformed.
private func decodeBase64(_ text: String.UTF8View) -> [UInt8]? {
    var output: [UInt8] = []
    output.reserveCapacity(text.count / 4 * 3)
    var bits: UInt32 = 0
    var bitCount: UInt32 = 0
    var padding = 0
    for character in text {
        let sextet: UInt8
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): sextet = character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): sextet = character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): sextet = character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): sextet = 62
        case UInt8(ascii: "/"): sextet = 63
        case UInt8(ascii: "="):
            padding += 1
            continue
        default: return nil
        }
        guard padding == 0 else { return nil }
        bits = bits << 6 | UInt32(sextet)
        bitCount += 6
        if bitCount >= 8 {
            bitCount -= 8
            output.append(UInt8(truncatingIfNeeded: bits >> bitCount))
        }
    }
    return padding <= 2 && text.count % 4 == 0 ? output : nil
}
