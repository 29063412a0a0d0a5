/// The cleaning of neural machine translation in SentencePiece: drops controls, makes odd spaces plain.
struct NmtNormalizer: Normalizer {
    func normalize(_ text: inout [UInt8]) {
        mapScalars(&text) { scalar, output in
            switch scalar {
            case 0x0001...0x0008, 0x000B, 0x000E...0x001F, 0x007F, 0x008F, 0x009F: break
            case 0x0009, 0x000A, 0x000C, 0x000D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
                output.append(UInt8(ascii: " "))
            default: UTF8Text.append(scalar, to: &output)
            }
        }
    }
}
