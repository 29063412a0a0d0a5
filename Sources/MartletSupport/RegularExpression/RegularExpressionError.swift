/// Why a pattern is no regular expression that can be used.
package struct RegularExpressionError: Error, Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        /// Something that Oniguruma has and this engine has not.
        case unsupported(String)
        case unmatchedParenthesis
        case unmatchedBracket
        case nothingToRepeat
        case invalidRange
        case invalidEscape(String)
        case unknownProperty(String)
        case unknownGroup(String)
        /// A lookbehind whose alternatives have no fixed length.
        case unboundedLookbehind
        /// More groups inside each other than the limit.
        case tooDeep(limit: Int)
        /// Counted repetitions make the program larger than the limit.
        case tooLarge(limit: Int)
    }
    package let reason: Reason
    /// The scalar of the pattern at which it shows.
    package let offset: Int

    /// The reason in words, to stand after "the pattern".
    package var words: String {
        switch reason {
        case .unsupported(let what): "uses \(what), which is not supported"
        case .unmatchedParenthesis: "has a parenthesis without its partner"
        case .unmatchedBracket: "has a bracket that is not closed"
        case .nothingToRepeat: "has a quantifier after nothing"
        case .invalidRange: "has a range that is empty or has a class at its end"
        case .invalidEscape(let text): "has an invalid escape `\(text)`"
        case .unknownProperty(let name): "has an unknown property `\(name)`"
        case .unknownGroup(let text): "has an unknown group `(?\(text)`"
        case .unboundedLookbehind: "has a lookbehind whose alternatives have no fixed length"
        case .tooDeep(let limit): "has more than \(limit) groups inside each other"
        case .tooLarge(let limit): "needs more than \(limit) steps: its counted repetitions are too large"
        }
    }
}
