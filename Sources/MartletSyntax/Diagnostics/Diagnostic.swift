/// One finding about a text, as a value: what is wrong, where, and what to do.
package struct Diagnostic: Equatable, Sendable {
    package var code: DiagnosticCode
    package var severity: Severity
    /// One line, lower case, without a full stop; code in backquotes.
    package var message: String
    /// In any order; rendered by place. The first primary label is the place of the diagnostic.
    package var labels: [Label]
    /// Where outside the text it happened (`reviews.csv:1819, id = film-7302`); stands to the right of the message.
    package var place: String?
    /// Facts that belong to no place in the text; rendered below the source lines.
    package var details: [String]
    /// What to do, ready to paste where that is possible.
    package var help: [String]
    /// The rule behind it.
    package var notes: [String]
    package var fix: Fix?

    package init(
        _ code: DiagnosticCode, _ message: String, severity: Severity = .error, labels: [Label] = [],
        place: String? = nil, details: [String] = [], help: [String] = [], notes: [String] = [], fix: Fix? = nil
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.labels = labels
        self.place = place
        self.details = details
        self.help = help
        self.notes = notes
        self.fix = fix
    }

    /// A diagnostic with one primary label.
    package init(
        _ code: DiagnosticCode, _ message: String, at span: Span, _ text: String = "", severity: Severity = .error,
        help: [String] = [], notes: [String] = [], fix: Fix? = nil
    ) {
        self.init(
            code, message, severity: severity, labels: [.primary(span, text)], help: help, notes: notes, fix: fix)
    }

    /// The span that the diagnostic is about, nil when it is about no place in the text.
    package var primarySpan: Span? { labels.first { $0.isPrimary }?.span }

    package enum Severity: String, Sendable {
        case error
        case warning
    }
}

/// A span with words. Primary spans are underlined with `^`, secondary ones with `-`.
package struct Label: Equatable, Sendable {
    package var span: Span
    package var text: String
    package var isPrimary: Bool
    /// The text that the span points into; nil means the one that the diagnostic is rendered with.
    package var source: SourceText?

    package init(span: Span, text: String = "", isPrimary: Bool, source: SourceText? = nil) {
        self.span = span
        self.text = text
        self.isPrimary = isPrimary
        self.source = source
    }

    package static func primary(_ span: Span, _ text: String = "", in source: SourceText? = nil) -> Label {
        Label(span: span, text: text, isPrimary: true, source: source)
    }

    package static func secondary(_ span: Span, _ text: String = "", in source: SourceText? = nil) -> Label {
        Label(span: span, text: text, isPrimary: false, source: source)
    }
}

/// Edits that would make the diagnostic go away; spans do not overlap and refer to the text before any edit.
package struct Fix: Equatable, Sendable {
    package var edits: [Edit]

    package init(_ edits: [Edit]) { self.edits = edits }

    package static func replace(_ span: Span, with text: String) -> Fix { Fix([Edit(span: span, replacement: text)]) }

    package struct Edit: Equatable, Sendable {
        package var span: Span
        package var replacement: String

        package init(span: Span, replacement: String) {
            self.span = span
            self.replacement = replacement
        }
    }
}
