/// The four Unicode normal forms (UAX #15), over the reference's tables.
enum NormalForm: String, Sendable {
    case nfd = "NFD"
    case nfc = "NFC"
    case nfkd = "NFKD"
    case nfkc = "NFKC"

    private var isCompatible: Bool { self == .nfkd || self == .nfkc }
    private var composes: Bool { self == .nfc || self == .nfkc }

    /// `scalars` in this form.
    func apply(_ scalars: [UInt32]) -> [UInt32] {
        let tables = ScalarTables.shared
        var output: [UInt32] = []
        output.reserveCapacity(scalars.count + scalars.count / 4)
        for scalar in scalars { decompose(scalar, into: &output, tables) }
        reorder(&output, tables)
        if composes { compose(&output, tables) }
        return output
    }

    private func decompose(_ scalar: UInt32, into output: inout [UInt32], _ tables: ScalarTables) {
        let flags = tables.flags(scalar)
        if isCompatible, flags.contains(.decomposesCompatibly) {
            output.append(contentsOf: tables.compatibility(scalar))
        } else if flags.contains(.decomposes) {
            if Hangul.syllables.contains(scalar) {
                Hangul.decompose(scalar, into: &output)
            } else {
                output.append(contentsOf: tables.canonical(scalar))
            }
        } else {
            output.append(scalar)
        }
    }

    /// Sorts each run of marks by combining class, keeping the order of equal ones.
    private func reorder(_ scalars: inout [UInt32], _ tables: ScalarTables) {
        var index = 0
        while index < scalars.count {
            guard tables.flags(scalars[index]).contains(.reordered) else {
                index += 1
                continue
            }
            let start = index
            while index < scalars.count, tables.flags(scalars[index]).contains(.reordered) { index += 1 }
            if index - start > 1 {
                // The offset makes the sort stable.
                let run = scalars[start..<index].enumerated()
                    .map { (order: Int(tables.combiningClass($0.element)) << 40 | $0.offset, scalar: $0.element) }
                    .sorted { $0.order < $1.order }
                for (place, item) in run.enumerated() { scalars[start + place] = item.scalar }
            }
        }
    }

    private func compose(_ scalars: inout [UInt32], _ tables: ScalarTables) {
        var count = 0
        var starter: Int?
        var lastClass = -1
        for scalar in scalars {
            let combiningClass =
                tables.flags(scalar).contains(.reordered) ? Int(tables.combiningClass(scalar)) : 0
            if let place = starter, lastClass < combiningClass,
                let composite = Hangul.compose(scalars[place], scalar) ?? tables.composition(scalars[place], scalar)
            {
                scalars[place] = composite
                continue
            }
            scalars[count] = scalar
            if combiningClass == 0 {
                starter = count
                lastClass = -1
            } else {
                lastClass = combiningClass
            }
            count += 1
        }
        scalars.removeSubrange(count...)
    }
}
