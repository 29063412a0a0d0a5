import MartletData
import MartletSupport
import MartletSyntax

/// Turns a syntax tree into plans: names become columns, types are settled, model calls become nodes. What is wrong is
/// collected as diagnostics; after an error binding goes on, and what depends on the error is passed over in silence.
package struct BindingResult: Sendable {
    package var script: BoundScript
    package var diagnostics: [Diagnostic]

    /// Whether the script can be run.
    package var isValid: Bool { !diagnostics.contains { $0.severity == .error } }
}

/// Binds `script` in `environment`, which takes up what the script names; on errors it takes up what is sound.
///
/// `parameters` are values by name from outside; they win over defaults. A parameter without any value is a diagnostic
/// where a query uses it, unless `allowsOpenParameters` (for checking a script that nobody runs yet).
package func bind(
    _ script: Script, source: SourceText, catalog: any Catalog, parameters: [String: ParameterValue] = [:],
    allowsOpenParameters: Bool = false, environment: inout BinderEnvironment
) -> BindingResult {
    let binder = Binder(
        source: source, catalog: catalog, supplied: parameters, allowsOpenParameters: allowsOpenParameters,
        environment: environment)
    let statements = script.statements.filter(\.isWhole).compactMap { binder.bind($0) }
    environment = binder.environment
    return BindingResult(script: BoundScript(statements: statements), diagnostics: binder.diagnostics)
}

/// The state of one binding. Extensions hold its parts: statements, relations, expressions, stages.
final class Binder {
    let catalog: any Catalog
    let supplied: [String: ParameterValue]
    let allowsOpenParameters: Bool
    let mainSource: SourceText
    /// The text that spans point into just now: the main one, or that of a definition in use.
    var source: SourceText
    var environment: BinderEnvironment
    var diagnostics: [Diagnostic] = []
    /// The stage that is being bound, for messages.
    var currentStage = "stage"
    /// Names in lower case that statements in error would have given: nothing is said when they are missing.
    var brokenNames: Set<String> = []
    /// Whether parameters need no value here, as it is to be learnt.
    var learnsParameters = false
    /// Definitions in use, innermost last.
    var expanding: [String] = []

    init(
        source: SourceText, catalog: any Catalog, supplied: [String: ParameterValue], allowsOpenParameters: Bool,
        environment: BinderEnvironment
    ) {
        mainSource = source
        self.source = source
        self.catalog = catalog
        self.supplied = supplied
        self.allowsOpenParameters = allowsOpenParameters
        self.environment = environment
    }

    func newColumn(_ name: String, _ type: DataType) -> PlanColumn {
        environment.nextColumn += 1
        return PlanColumn(id: ColumnID(environment.nextColumn - 1), name: name, type: type)
    }

    func isBroken(_ name: Name) -> Bool { brokenNames.contains(name.text.lowercased()) }

    // MARK: Diagnostics

    func report(
        _ code: DiagnosticCode, _ message: String, at span: Span, _ text: String = "", secondary: [(Span, String)] = [],
        help: String? = nil, notes: [String] = [], severity: Diagnostic.Severity = .error
    ) {
        let from = source === mainSource ? nil : source
        var labels = [Label.primary(span, text, in: from)]
        labels += secondary.map { Label.secondary($0.0, $0.1, in: from) }
        let diagnostic = Diagnostic(
            code, message, severity: severity, labels: labels, help: help.map { [$0] } ?? [], notes: notes)
        if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
    }

    func didYouMean(_ name: String, _ candidates: some Sequence<String>) -> String? {
        closestName(to: name, among: candidates).map { "did you mean `\(spelled($0))`?" }
    }

    /// What a catalog threw, at the path or at the option that it names.
    func report(_ error: any Error, at span: Span, options: [Option]) {
        var span = span
        if let error = error as? CatalogOptionError,
            let option = options.first(where: { same($0.name.text, error.option) })
        {
            span = option.name.span
        }
        guard let explainable = error as? any Explainable else {
            return report(DiagnosticCode("E0600", "the file cannot be used"), "\(error)", at: span)
        }
        let explanation = explainable.explanation
        report(
            DiagnosticCode(explanation.code, "what was found when the file was opened"), explanation.message, at: span,
            help: explanation.help, notes: (explanation.place.map { ["at \($0.text)"] } ?? []) + explanation.notes)
    }

    func lineNumber(_ span: Span) -> Int { source.line(at: span.start) }
}
