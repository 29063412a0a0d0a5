import MartletSupport
import MartletTensor

/// Whether a pattern in RE2's syntax matches the whole of each string, bool. Input: x (strings).
package struct RegexMatchOp: GraphOp {
    package static let name = "RegexMatch"
    package var pattern: String

    package init(_ pattern: String) { self.pattern = pattern }

    package var attributes: String { "`\(pattern)`" }

    /// Alternatives are tried until one reaches the end, hence the anchors around the group.
    private func expression() throws(RegularExpressionError) -> RegularExpression {
        try RegularExpression("\\A(?:\(RE2Pattern.translated(pattern)))\\z")
    }

    package func inferTypes(_ inputs: [InputInfo?]) throws -> [ValueType] {
        let x = try operand(inputs, 0)
        guard x.type.dtype == .string else { throw impossible(inputs, "matches strings only") }
        do {
            _ = try expression()
        } catch {
            throw impossible(inputs, "the pattern `\(pattern)` \(error.words)")
        }
        return [ValueType(.bool, x.type.shape)]
    }

    package func flops(_ inputs: [[Int]?], outputs: [[Int]]) -> Int { 0 }

    package func prepare(_ constants: [Tensor?]) throws -> AnyObject? {
        (try? expression()).map { CompiledPatterns([$0]) }
    }

    package func run(_ inputs: [Tensor?], _ context: RunContext) throws -> [Tensor] {
        let x = try operand(inputs, 0, context)
        guard x.dtype == .string, let expression = (context.prepared as? CompiledPatterns)?.expressions.first else {
            throw context.invalid(self, inputs, "matches strings by a valid pattern only")
        }
        let result = try context.output(0, .bool, x.shape)
        let found = result.mutableElements(Bool.self)
        for (index, text) in x.strings.enumerated() {
            // Repaired if it was no UTF-8, which the matcher relies on.
            var text = text
            found[index] = text.withUTF8 { !expression.matches(in: $0).isEmpty }
        }
        return [result]
    }
}
