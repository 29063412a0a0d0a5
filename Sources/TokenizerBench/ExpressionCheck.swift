import MartletSupport

/// Compares matches with those that scripts/reference/regular_expressions.py wrote.
struct ExpressionCheck {
    let path: String

    func run() throws {
        var failures = 0
        let cases = try JSONLines.values(path)
        for reference in cases {
            let pattern = reference["pattern"]?.string ?? ""
            let difference: String?
            do {
                let expression = try RegularExpression(pattern)
                difference = reference["error"] != nil ? "is no error" : self.difference(expression, reference)
            } catch {
                difference = reference["error"] == nil ? error.words : nil
            }
            guard let difference else { continue }
            failures += 1
            print(pattern.debugDescription, difference)
        }
        print("\(failures) of \(cases.count) patterns differ")
    }

    private func difference(_ expression: RegularExpression, _ reference: JSON) -> String? {
        for pair in reference["matches"]?.array ?? [] {
            let text = Array((pair.array?[0].string ?? "").utf8)
            let expected = (pair.array?[1].array ?? []).compactMap(\.string)
            let found = text.withUnsafeBufferPointer { expression.matches(in: $0) }
                .filter { !$0.isEmpty }.map { String(decoding: text[$0], as: UTF8.self) }
            if found != expected { return "on \(pair.array?[0].text ?? "") gives \(found), not \(expected)" }
        }
        return nil
    }
}
