import MartletSupport

/// What ops with patterns prepare: their expressions, compiled once for all runs. Immutable.
final class CompiledPatterns: Sendable {
    let expressions: [RegularExpression]
    init(_ expressions: [RegularExpression]) { self.expressions = expressions }
}
