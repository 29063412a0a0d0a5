/// How diagnostics are written: plain, or with the colours of a terminal.
package enum DiagnosticStyle: Sendable {
    case plain
    case ansi
}

extension Diagnostic {
    /// The diagnostic as text of several lines, the last one ended too. Labels without an own source point into `source`; without
    /// any source they are left out.
    package func rendered(in source: SourceText?, style: DiagnosticStyle = .plain) -> String {
        let groups = labelsBySource(source)
        let width =
            groups.flatMap { source, labels in labels.map { source.line(at: $0.span.start) } }
            .max().map { String($0).count } ?? 1
        var out = DiagnosticWriter(style: style, gutter: width)
        out.header(self)
        for (index, group) in groups.enumerated() {
            if index > 0 || source.map({ $0 !== group.source }) ?? false { out.sourceName(group.source.name) }
            out.lines(of: group.source, group.labels, severity: severity)
        }
        for detail in details { out.detail(detail) }
        for note in notes { out.trailer("note", note) }
        for help in help { out.trailer("help", help) }
        return out.text
    }

    /// Labels with the text they point into: the diagnostic's own first, then others in the order of their first label.
    private func labelsBySource(_ own: SourceText?) -> [(source: SourceText, labels: [Label])] {
        var groups: [(source: SourceText, labels: [Label])] = []
        for label in labels {
            guard let source = label.source ?? own else { continue }
            if let index = groups.firstIndex(where: { $0.source === source }) {
                groups[index].labels.append(label)
            } else {
                groups.append((source, [label]))
            }
        }
        if let own, let index = groups.firstIndex(where: { $0.source === own }), index > 0 {
            groups.insert(groups.remove(at: index), at: 0)
        }
        return groups
    }
}

extension [Diagnostic] {
    /// All diagnostics as text, with a blank line between two.
    package func rendered(in source: SourceText?, style: DiagnosticStyle = .plain) -> String {
        map { $0.rendered(in: source, style: style) }.joined(separator: "\n")
    }
}
