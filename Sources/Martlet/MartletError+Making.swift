import MartletData
import MartletGraph
import MartletSupport
import MartletSyntax

extension MartletError {
    /// From diagnostics of a text. `source` is the text.
    init(_ diagnostics: [Diagnostic], in source: SourceText) {
        self.init(problems: diagnostics.map { Problem($0, in: source) })
    }

    /// From an error of running.
    init(_ error: any Error) {
        if let error = error as? MartletError {
            self = error
            return
        }
        let error: any Error = error is InputStopped ? GraphError.cancelled : error
        let explanation =
            (error as? any Explainable)?.explanation
            ?? Explanation(code: "E0500", message: "\(error)", help: "this is a defect: please report it")
        var isCancelled = false
        if case GraphError.cancelled = error { isCancelled = true }
        var isClosedPipe = false
        if case WriteError.closedPipe = error { isClosedPipe = true }
        self.init(problems: [Problem(explanation)], isCancelled: isCancelled, isClosedPipe: isClosedPipe)
    }
}

extension MartletError.Problem {
    init(_ diagnostic: Diagnostic, in source: SourceText?) {
        let location = diagnostic.primarySpan.flatMap { span -> MartletError.Location? in
            guard let source else { return nil }
            let position = source.position(at: span.start)
            return MartletError.Location(line: position.line, column: position.column)
        }
        self.init(
            code: diagnostic.code.id, message: diagnostic.message, location: location, input: diagnostic.place,
            notes: diagnostic.details + diagnostic.notes, help: diagnostic.help.first,
            isError: diagnostic.severity == .error, diagnostic: diagnostic, source: source)
    }

    init(_ explanation: Explanation) {
        self.init(
            Diagnostic(
                DiagnosticCode(explanation.code, "a query that failed while running"), explanation.message,
                place: explanation.place?.text, details: explanation.notes, help: explanation.help.map { [$0] } ?? []),
            in: nil)
    }

    /// As the terminal shows it, in colours.
    package var colored: String { diagnostic.rendered(in: source, style: .ansi) }
}
