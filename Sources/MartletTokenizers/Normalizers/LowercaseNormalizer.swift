/// Lower case of each scalar by itself, whatever stands around it.
struct LowercaseNormalizer: Normalizer {
    func normalize(_ text: inout [UInt8]) {
        let tables = ScalarTables.shared
        mapScalars(&text) { scalar, output in
            if tables.flags(scalar).contains(.hasLowercase) {
                for lower in tables.lowercase(scalar) { UTF8Text.append(lower, to: &output) }
            } else {
                UTF8Text.append(scalar, to: &output)
            }
        }
    }
}
