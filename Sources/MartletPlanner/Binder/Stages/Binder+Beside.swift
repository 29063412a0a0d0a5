import MartletData
import MartletSyntax

/// Stages that put the columns of a relation beside those of the rows: what the relation's columns are called.
extension Binder {
    /// A relation to look up in, and the names of its columns beside those that are here: `relation.column`, and plain
    /// `column` where that is nobody else's. nil after a report.
    func bindBeside(
        _ relation: Relation, stage: String, _ pipeline: Pipeline
    ) -> (node: LogicalNode, name: String?, entries: [ScopeEntry])? {
        guard let bound = bind(relation) else { return nil }
        guard bound.written == nil, let node = seal(bound, span: relation.span) else { return nil }
        var name = relation.alias?.text
        if name == nil {
            switch relation.kind {
            case .named(let known), .parameter(let known): name = known.text
            case .values, .query: break
            }
        }
        if let name, !pipeline.scope.members(of: name).isEmpty {
            report(
                .duplicateName, "columns here are those of a `\(name)` already", at: relation.span,
                help: "give it another name: `\(stage) \(source[relation.span]) as other on …`")
            return nil
        }
        let groups = bound.scope.visibleGroups
        var entries: [ScopeEntry] = []
        for (place, column) in node.columns.enumerated() {
            var entry = ScopeEntry(
                column: column, name: groups[place]?.member ?? column.name, qualifier: groups[place]?.qualifier ?? name,
                isInGroup: groups[place] != nil, origin: bound.scope.visible[place].origin)
            if pipeline.scope.visible.contains(where: { same($0.column.name, column.name) }) {
                guard let name else {
                    report(
                        .duplicateName, "two columns would be called `\(column.name)`", at: relation.span,
                        help: "name the relation: `\(stage) \(source[relation.span]) as other on …`")
                    return nil
                }
                entry.column.name = "\(name).\(column.name)"
                entry.name = column.name
                entry.qualifier = name
                entry.isInGroup = true
            }
            entries.append(entry)
        }
        return (node, name, entries)
    }
}
