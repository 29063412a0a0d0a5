/// A diagnostic's code with the one line that explains it. An open set: each target lists its own in one extension.
///
/// E00xx text and grammar, E01xx names, E02xx types and models, E03xx stages, E04xx planning and settings, E05xx run time.
package struct DiagnosticCode: Hashable, Sendable, CustomStringConvertible {
    package let id: String
    package let explanation: String

    package init(_ id: String, _ explanation: String) {
        self.id = id
        self.explanation = explanation
    }

    package static func == (left: Self, right: Self) -> Bool { left.id == right.id }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
    package var description: String { id }
}
