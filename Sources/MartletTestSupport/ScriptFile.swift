/// A test written in the language: `Tests/Scripts/<area>/<subject>.test`.
///
/// The first line says the purpose (`# …`). Records follow, separated by blank lines: a keyword line, a script, `----`, what is expected.
/// - `query`: the rows of the last query as CSV, the header first. A line `===` divides the script into texts that one session
///   runs one after another.
/// - `error`: the rendered diagnostics; warnings if the script runs.
/// - `explain`: the plan's text.
/// - `same-plan`: a second query, which must have the same plan.
/// - `counter RULE NAME`: two lines, `on: n` and `off: m`: a count of the profile with the rule on and off; results must be equal.
package struct ScriptFile: Sendable {
    package let path: String
    package let purpose: String
    package let records: [Record]

    package struct Record: Sendable {
        package var kind: Kind
        package var script: String
        package var expected: String
        /// 1-based line of the keyword.
        package var line: Int
    }

    package enum Kind: Hashable, Sendable {
        case query, error, explain, samePlan
        case counter(rule: String, name: String)
    }

    package struct FormatError: Error, CustomStringConvertible {
        package let description: String
    }

    package init(path: String, text: String) throws {
        self.path = path
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let first = lines.first, first.hasPrefix("# ") else {
            throw FormatError(description: "\(path): the first line must state the purpose: `# …`")
        }
        purpose = String(first.dropFirst(2))
        var records: [Record] = []
        var index = 1
        while index < lines.count {
            guard !lines[index].isEmpty, !lines[index].hasPrefix("#") else {
                index += 1
                continue
            }
            let line = index + 1
            guard let kind = Self.kind(lines[index]) else {
                throw FormatError(description: "\(path):\(line): `\(lines[index])` begins no record")
            }
            index += 1
            var script: [String] = []
            while index < lines.count, lines[index] != "----" {
                script.append(lines[index])
                index += 1
            }
            guard index < lines.count else {
                throw FormatError(description: "\(path):\(line): the record has no `----`")
            }
            index += 1
            var expected: [String] = []
            // A blank line ends a record, unless more of the expectation follows without a new keyword.
            while index < lines.count, !(lines[index].isEmpty && Self.startsRecord(lines, index + 1)) {
                expected.append(lines[index])
                index += 1
            }
            records.append(
                Record(
                    kind: kind, script: script.joined(separator: "\n"), expected: expected.joined(separator: "\n"),
                    line: line))
        }
        self.records = records
    }

    private static func startsRecord(_ lines: [String], _ index: Int) -> Bool {
        guard index < lines.count else { return true }
        return lines[index].isEmpty || lines[index].hasPrefix("# ") || kind(lines[index]) != nil
    }

    private static func kind(_ line: String) -> Kind? {
        let words = line.split(separator: " ").map(String.init)
        switch (words.first, words.count) {
        case ("query", 1): return .query
        case ("error", 1): return .error
        case ("explain", 1): return .explain
        case ("same-plan", 1): return .samePlan
        case ("counter", 3): return .counter(rule: words[1], name: words[2])
        default: return nil
        }
    }

    /// The file with other expectations: what a run mode writes for review.
    package func text(expecting expectations: [String]) -> String {
        var text = "# \(purpose)\n"
        for (record, expected) in zip(records, expectations) {
            let keyword =
                switch record.kind {
                case .query: "query"
                case .error: "error"
                case .explain: "explain"
                case .samePlan: "same-plan"
                case .counter(let rule, let name): "counter \(rule) \(name)"
                }
            text += "\n\(keyword)\n\(record.script)\n----\n\(expected)\n"
        }
        return text
    }
}
