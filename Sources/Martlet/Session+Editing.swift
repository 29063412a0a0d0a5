import MartletData
import MartletPlanner
import MartletSyntax

/// What an editor asks of a session: what words of a script mean. Texts are Markdown.
extension Session {
    /// What is known of a model or a let besides its statement; nil if its file cannot be read.
    package func facts(of symbol: ScriptSymbols.Symbol, in text: String) -> String? {
        let environment = scope(of: String(decoding: text.utf8.prefix(symbol.statement.end), as: UTF8.self) + ";")
            .environment
        switch symbol.kind {
        case .model:
            guard let signature = environment.models[symbol.name.lowercased()]?.signature else { return nil }
            let note = signature.note.map { "\n\n\($0)" } ?? ""
            return "```martlet\n\(signature.text)\n```\(note)"
        case .let:
            guard let fields = environment.columns(ofLet: symbol.name) else { return nil }
            return fields.map { "- `\($0.name)` \($0.type.text)" }.joined(separator: "\n")
        case .parameter, .define: return nil
        }
    }

    /// A function's or an aggregate's signature, what it does and an example; nil if there is none of the name.
    package func function(_ name: String) -> String? {
        if let function = FunctionTable.function(name) {
            let example = function.example
            return """
                ```martlet
                \(function.name)\(function.signature)
                ```
                \(function.doc)

                `\(example.expression)` gives `\(example.result)`
                """
        }
        guard let aggregate = AggregateTable.aggregate(name) else { return nil }
        return "```martlet\n\(aggregate.name)\(aggregate.signature)\n```\n\(aggregate.doc)"
    }

    /// A stage's form and what it does, by the first word of its name.
    package func stage(_ name: String) -> String? {
        let name = name.lowercased()
        guard let entry = StageTable.all.entries.first(where: { $0.name == name || $0.name.hasPrefix(name + " ") })
        else {
            return nil
        }
        return "```martlet\n\(entry.form)\n```\n\(entry.doc)"
    }

    /// The type of a column where it is read: of the query that byte `end` stands in, before the stage there.
    package func columnType(_ name: String, in text: String, before end: Int) -> String? {
        let wanted = name.lowercased()
        return scope(of: String(decoding: text.utf8.prefix(end), as: UTF8.self)).columns.first {
            $0.name.lowercased() == wanted
        }?.type.text
    }
}
