import MartletSyntax

/// Scripts with one mistake, made of sound ones.
enum Mutation {
    /// Scripts in which one token is left out, doubled, or swapped with the one after it.
    static func mutants(of text: String, count: Int, using random: inout some RandomNumberGenerator) -> [String] {
        let source = SourceText(name: "", text)
        let tokens = Lexer.tokens(of: source).tokens
        let places = tokens.indices.filter { !tokens[$0].kind.isTrivia && tokens[$0].kind != .endOfText }
        guard places.count > 2 else { return [] }
        return (0..<count).map { _ in
            var pieces = tokens.map { source[$0.span] }
            let number = Int.random(in: 0..<places.count - 1, using: &random)
            let place = places[number]
            switch Int.random(in: 0..<3, using: &random) {
            case 0: pieces[place] = " "
            case 1: pieces[place] += " " + pieces[place]
            default: pieces.swapAt(place, places[number + 1])
            }
            return pieces.joined()
        }
    }

    /// What only the notes of the normative grammar tell: a definition's body that begins with a stage's word is stages, and a
    /// bracket behind `in` begins items.
    static func isBeyondNotes(_ text: String) -> Bool {
        let words = text.lowercased()
        return words.contains("define") || words.contains(" in (")
    }
}
