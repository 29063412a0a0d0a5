import Martlet

/// Candidates of a completion, in columns.
package struct CandidateList {
    private let names: [String]

    /// Of paths, only the last parts.
    package init(_ completion: Completion) {
        names = completion.candidates.map { candidate in
            guard completion.isPath else { return candidate.text }
            let isFolder = candidate.text.hasSuffix("/")
            let whole = isFolder ? candidate.text.dropLast() : candidate.text[...]
            let name = whole.lastIndex(of: "/").map { whole[whole.index(after: $0)...] } ?? whole
            return name + (isFolder ? "/" : "")
        }
    }

    /// Down the columns first. What is more than a screen is counted.
    package func text(width: Int, height: Int) -> String {
        let shown = names.map { CellText(name: DisplayWidth.cut($0, to: max(1, width - 1))).text }
        let cell = (shown.map { DisplayWidth.of($0) }.max() ?? 0) + 2
        let columns = max(1, (width + 1) / cell)
        let allRows = (shown.count + columns - 1) / columns
        let rows = min(allRows, max(1, height - 3))
        var out = ""
        for row in 0..<rows {
            var line = ""
            for column in 0..<columns where column * allRows + row < shown.count {
                let isLast = column + 1 == columns || (column + 1) * allRows + row >= shown.count
                let name = shown[column * allRows + row]
                line += isLast ? name : DisplayWidth.pad(name, to: cell)
            }
            out += line + "\n"
        }
        if rows < allRows {
            let count = (0..<columns).reduce(0) { $0 + max(0, min(allRows, shown.count - $1 * allRows) - rows) }
            out += "… and \(count) more\n"
        }
        return out
    }
}
