/// How a statement of several lines is remembered.
package enum HistoryEntry {
    /// One line if joining the lines does not change what they say, else a line for each.
    package static func entries(_ text: String) -> [String] {
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        let hasComment = text.contains("--")
        let hasOpenString = lines.contains { line in line.count { $0 == "'" } % 2 == 1 }
        return hasComment || hasOpenString ? lines : [lines.map(trimmed).joined(separator: " ")]
    }

    private static func trimmed(_ line: String) -> String {
        var line = Substring(line)
        while line.first?.isWhitespace ?? false { line.removeFirst() }
        while line.last?.isWhitespace ?? false { line.removeLast() }
        return String(line)
    }
}
