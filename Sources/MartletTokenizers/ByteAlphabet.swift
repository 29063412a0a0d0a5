/// GPT-2's alphabet: every byte as a printable character below U+0144.
enum ByteAlphabet {
    /// The scalar of each byte: itself if it prints in Latin-1, else the next free one from U+0100.
    static let scalars: [UInt16] = {
        var next: UInt16 = 0x100
        return (0...255).map { (byte: UInt16) -> UInt16 in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return byte
            default:
                defer { next += 1 }
                return next
            }
        }
    }()

    /// The byte of each scalar.
    static let bytes: [UInt32: UInt8] = Dictionary(
        uniqueKeysWithValues: scalars.enumerated().map { (UInt32($1), UInt8($0)) })
}
