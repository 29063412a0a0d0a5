/// BERT's normalizer: clean, set Chinese characters apart, strip accents, lower case, in this order.
struct BertNormalizer: Normalizer {
    let cleansText: Bool
    let separatesChinese: Bool
    let stripsAccents: Bool
    let lowercases: Bool

    init(_ part: PartReader) throws(TokenizerError) {
        cleansText = try part.bool("clean_text", default: true)
        separatesChinese = try part.bool("handle_chinese_chars", default: true)
        lowercases = try part.bool("lowercase", default: true)
        // Null means: as lower case.
        stripsAccents = try part.optionalBool("strip_accents") ?? lowercases
    }

    func normalize(_ text: inout [UInt8]) {
        let tables = ScalarTables.shared
        var scalars: [UInt32] = []
        scalars.reserveCapacity(text.count)
        let space = UInt32(UInt8(ascii: " "))
        for scalar in UTF8Text.scalars(text) {
            let flags = tables.flags(scalar)
            if cleansText, flags.contains(.control) { continue }
            if cleansText, flags.contains(.whitespace) {
                scalars.append(space)
            } else if separatesChinese, flags.contains(.chinese) {
                scalars.append(space)
                scalars.append(scalar)
                scalars.append(space)
            } else {
                scalars.append(scalar)
            }
        }
        if stripsAccents {
            scalars = NormalForm.nfd.apply(scalars)
            scalars.removeAll { tables.flags($0).contains(.nonspacingMark) }
        }
        text.removeAll(keepingCapacity: true)
        for scalar in scalars {
            if lowercases, tables.flags(scalar).contains(.hasLowercase) {
                for lower in tables.lowercase(scalar) { UTF8Text.append(lower, to: &text) }
            } else {
                UTF8Text.append(scalar, to: &text)
            }
        }
    }
}
