/// What may stand at the cursor.
package struct Completion: Sendable, Equatable {
    /// One way to go on.
    package struct Candidate: Sendable, Hashable {
        /// In place of the text from `start` to the cursor.
        package var text: String
        /// What follows it when it is the only candidate: a space, an opening parenthesis.
        package var suffix: String

        package init(_ text: String, suffix: String = "") {
            self.text = text
            self.suffix = suffix
        }

        package var inserted: String { text + suffix }
    }

    /// Byte of the text at which the word that is completed begins.
    package var start: Int
    package var candidates: [Candidate]
    /// Whether candidates are files: the caller lists them.
    package var isPath = false
    /// The path that was typed so far, if `isPath`.
    package var path: String?

    package init(start: Int, candidates: [Candidate], isPath: Bool = false, path: String? = nil) {
        self.start = start
        self.candidates = candidates
        self.isPath = isPath
        self.path = path
    }

    /// What all candidates begin with.
    package var commonBeginning: String {
        guard var common = candidates.first?.text else { return "" }
        for candidate in candidates.dropFirst() {
            common = String(zip(common, candidate.text).prefix { $0 == $1 }.map(\.0))
        }
        return common
    }
}
