/// Arithmetic of Hangul syllables (The Unicode Standard, 3.12).
enum Hangul {
    static let syllables: ClosedRange<UInt32> = 0xAC00...0xD7A3
    private static let leads: UInt32 = 0x1100
    private static let vowels: UInt32 = 0x1161
    /// One below the first trailing consonant.
    private static let trails: UInt32 = 0x11A7
    private static let vowelCount: UInt32 = 21
    private static let trailCount: UInt32 = 28

    /// Appends the two or three jamo of a syllable.
    static func decompose(_ syllable: UInt32, into output: inout [UInt32]) {
        let index = syllable - syllables.lowerBound
        output.append(leads + index / (vowelCount * trailCount))
        output.append(vowels + index % (vowelCount * trailCount) / trailCount)
        if index % trailCount > 0 { output.append(trails + index % trailCount) }
    }

    static func compose(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if first >= leads, first < leads + 19, second >= vowels, second < vowels + vowelCount {
            return syllables.lowerBound + ((first - leads) * vowelCount + second - vowels) * trailCount
        }
        if syllables.contains(first), (first - syllables.lowerBound) % trailCount == 0, second > trails,
            second < trails + trailCount
        {
            return first + second - trails
        }
        return nil
    }
}
