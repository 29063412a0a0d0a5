/// Drops white space at the ends.
struct StripNormalizer: Normalizer {
    let left: Bool
    let right: Bool

    init(_ part: PartReader) throws(TokenizerError) {
        left = try part.bool("strip_left", default: true)
        right = try part.bool("strip_right", default: true)
    }

    func normalize(_ text: inout [UInt8]) {
        let tables = ScalarTables.shared
        var scalars = UTF8Text.scalars(text)[...]
        if left { scalars = scalars.drop { tables.flags($0).contains(.whitespace) } }
        if right {
            while let last = scalars.last, tables.flags(last).contains(.whitespace) { scalars.removeLast() }
        }
        text = UTF8Text.bytes(scalars)
    }
}
