/// Drops combining marks. It decomposes nothing: that is a normal form's work before it.
struct StripAccentsNormalizer: Normalizer {
    func normalize(_ text: inout [UInt8]) {
        let tables = ScalarTables.shared
        mapScalars(&text) { scalar, output in
            if !tables.flags(scalar).contains(.combiningMark) { UTF8Text.append(scalar, to: &output) }
        }
    }
}
