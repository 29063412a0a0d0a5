import MartletSupport

/// What the reference knows of a Unicode scalar, one bit each. See `UnicodeTables` for the sources.
struct ScalarFlags: OptionSet {
    let rawValue: UInt16

    static let control = ScalarFlags(rawValue: 1 << 0)
    static let whitespace = ScalarFlags(rawValue: 1 << 1)
    static let chinese = ScalarFlags(rawValue: 1 << 2)
    static let nonspacingMark = ScalarFlags(rawValue: 1 << 3)
    static let combiningMark = ScalarFlags(rawValue: 1 << 4)
    static let punctuation = ScalarFlags(rawValue: 1 << 5)
    static let letter = ScalarFlags(rawValue: 1 << 6)
    static let number = ScalarFlags(rawValue: 1 << 7)
    static let mark = ScalarFlags(rawValue: 1 << 8)
    static let word = ScalarFlags(rawValue: 1 << 9)
    static let numeric = ScalarFlags(rawValue: 1 << 10)
    /// The canonical combining class is not zero.
    static let reordered = ScalarFlags(rawValue: 1 << 11)
    static let hasLowercase = ScalarFlags(rawValue: 1 << 12)
    /// Has a canonical decomposition (Hangul syllables too).
    static let decomposes = ScalarFlags(rawValue: 1 << 13)
    /// Has a compatibility decomposition that differs from the canonical one.
    static let decomposesCompatibly = ScalarFlags(rawValue: 1 << 14)
}

/// Unicode data in the form that the hot paths want: flags in a two-level table, mappings sorted for binary search.
///
/// Built once per process from `UnicodeTables`, in well under a millisecond.
final class ScalarTables: Sendable {
    static let shared = ScalarTables()

    let lowercase: ScalarMap
    let canonical: ScalarMap
    let compatibility: ScalarMap
    let composition: CompositionMap
    let combiningClasses: [(range: ClosedRange<UInt32>, value: UInt8)]
    private let scripts: [(range: ClosedRange<UInt32>, value: UInt8)]
    /// Index of the block of each run of 256 scalars.
    nonisolated(unsafe) private let blocks: UnsafePointer<UInt16>
    /// Flags, 256 to a block.
    nonisolated(unsafe) private let flags: UnsafePointer<UInt16>

    private init() {
        var builder = ScalarFlagsBuilder()
        for (table, flag) in [
            (UnicodeTables.control, ScalarFlags.control), (UnicodeTables.whitespace, .whitespace),
            (UnicodeTables.chinese, .chinese), (UnicodeTables.nonspacingMark, .nonspacingMark),
            (UnicodeTables.combiningMark, .combiningMark), (UnicodeTables.punctuation, .punctuation),
            (UnicodeTables.letter, .letter), (UnicodeTables.number, .number), (UnicodeTables.mark, .mark),
            (UnicodeTables.word, .word), (UnicodeTables.numeric, .numeric),
        ] {
            for range in CompactTableReader.ranges(table) { builder.insert(flag, range) }
        }
        combiningClasses = CompactTableReader.classes(UnicodeTables.combiningClass)
        for run in combiningClasses { builder.insert(.reordered, run.range) }
        scripts = CompactTableReader.classes(UnicodeTables.script)
        lowercase = decodeMap(UnicodeTables.lowercase)
        canonical = decodeMap(UnicodeTables.canonical)
        compatibility = decodeMap(UnicodeTables.compatibility)
        composition = decodeCompositions(UnicodeTables.composition)
        for scalar in lowercase.scalars { builder.insert(.hasLowercase, scalar...scalar) }
        for scalar in canonical.scalars { builder.insert(.decomposes, scalar...scalar) }
        for scalar in compatibility.scalars { builder.insert(.decomposesCompatibly, scalar...scalar) }
        builder.insert(.decomposes, Hangul.syllables)
        (blocks, flags) = builder.freeze()
    }

    /// Flags of a scalar below 0x110000.
    @inline(__always)
    func flags(_ scalar: UInt32) -> ScalarFlags {
        let block = Int(blocks[Int(scalar >> 8)])
        return ScalarFlags(rawValue: flags[block << 8 | Int(scalar & 0xFF)])
    }

    /// Canonical combining class; linear in log of the table, so ask for `reordered` first.
    func combiningClass(_ scalar: UInt32) -> UInt8 {
        Self.value(of: scalar, in: combiningClasses)
    }

    /// A number for the script that `UnicodeScripts` sees; 0 for those that go with any.
    func script(_ scalar: UInt32) -> UInt8 {
        Self.value(of: scalar, in: scripts)
    }

    private static func value(of scalar: UInt32, in runs: [(range: ClosedRange<UInt32>, value: UInt8)]) -> UInt8 {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].range.upperBound < scalar { low = middle + 1 } else { high = middle }
        }
        guard low < runs.count, runs[low].range.contains(scalar) else { return 0 }
        return runs[low].value
    }
}

/// A map from scalars to sequences of scalars.
struct ScalarMap: Sendable {
    /// Sources, ascending.
    let scalars: [UInt32]
    /// Where each source's sequence begins in `outputs`; one more at the end.
    let starts: [Int]
    let outputs: [UInt32]

    /// The sequence of `scalar`; empty if it maps to nothing else.
    func callAsFunction(_ scalar: UInt32) -> ArraySlice<UInt32> {
        var low = 0
        var high = scalars.count
        while low < high {
            let middle = (low + high) / 2
            if scalars[middle] < scalar { low = middle + 1 } else { high = middle }
        }
        guard low < scalars.count, scalars[low] == scalar else { return [] }
        return outputs[starts[low]..<starts[low + 1]]
    }
}

/// Canonical compositions of two scalars, without Hangul.
struct CompositionMap: Sendable {
    /// `first << 32 | second`, ascending.
    let pairs: [UInt64]
    let composites: [UInt32]

    func callAsFunction(_ first: UInt32, _ second: UInt32) -> UInt32? {
        let pair = UInt64(first) << 32 | UInt64(second)
        var low = 0
        var high = pairs.count
        while low < high {
            let middle = (low + high) / 2
            if pairs[middle] < pair { low = middle + 1 } else { high = middle }
        }
        return low < pairs.count && pairs[low] == pair ? composites[low] : nil
    }
}
