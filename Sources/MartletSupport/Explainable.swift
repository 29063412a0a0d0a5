/// Where in an input something went wrong.
package struct InputPlace: Hashable, Sendable {
    /// Path as the user wrote it, or `-` for standard input.
    package var file: String
    /// 1-based line, where the format has lines.
    package var line: Int?
    /// 1-based column within the line.
    package var column: Int?
    /// Byte offset, where the format is binary or the line is not known.
    package var offset: Int?

    package init(file: String, line: Int? = nil, column: Int? = nil, offset: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.offset = offset
    }

    /// `reviews.csv:12:3`, `model.onnx, offset 128` or `model.onnx`.
    package var text: String {
        if let line {
            if let column { return "\(file):\(line):\(column)" }
            return "\(file):\(line)"
        }
        if let offset { return "\(file), offset \(offset)" }
        return file
    }
}

/// The words for an error: one line of cause, the place, and what the user can do about it.
package struct Explanation: Hashable, Sendable {
    /// A diagnostic code such as `E0601`; stable, for tools.
    package var code: String
    package var message: String
    package var place: InputPlace?
    package var notes: [String]
    /// A remedy, best one that can be pasted.
    package var help: String?

    package init(
        code: String, message: String, place: InputPlace? = nil, notes: [String] = [], help: String? = nil
    ) {
        self.code = code
        self.message = message
        self.place = place
        self.notes = notes
        self.help = help
    }
}

/// An error that carries evidence and can put it into words.
///
/// The cases live in `<Name>Error.swift`, the words in `<Name>Error+Explanation.swift`.
package protocol Explainable: Error {
    var explanation: Explanation { get }
}
