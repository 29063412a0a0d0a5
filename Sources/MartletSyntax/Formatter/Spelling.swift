/// Writes nodes on one line. With a source, numbers keep the spelling they have there.
struct Spelling {
    let source: SourceText?

    func list<Element>(_ elements: [Element], _ spell: (Element) -> String) -> String {
        elements.map(spell).joined(separator: ", ")
    }

    func name(_ name: Name) -> String { spelled(name.text) }

    /// A name where words of the grammar would be taken for themselves.
    func calledName(_ name: Name) -> String {
        let text = spelled(name.text)
        return Word(spelling: Array(name.text.utf8)) != nil && !text.hasPrefix("\"") ? "\"\(text)\"" : text
    }

    func string(_ literal: StringLiteral) -> String { quoted(literal.value) }

    func integer(_ literal: IntegerLiteral) -> String { number(literal.span) ?? String(literal.value) }

    /// A number as the source has it.
    func number(_ span: Span) -> String? {
        guard let source, !span.isEmpty else { return nil }
        return source[span]
    }

    func alias(_ name: Name?) -> String { name.map { " as \(self.name($0))" } ?? "" }

    func type(_ type: TypeExpr) -> String {
        switch type.kind {
        case .named(let name, let dims):
            // A type of the name `list` or `struct` takes no parentheses, so it needs no quotes either.
            return self.name(name) + (dims.isEmpty ? "" : "[" + list(dims, dim) + "]")
        case .list(let element): return "list(\(self.type(element)))"
        case .struct(let fields): return "struct" + self.fields(fields)
        }
    }

    private func dim(_ dim: TypeExpr.Dim) -> String {
        switch dim {
        case .size(let size): integer(size)
        case .named(let name): self.name(name)
        case .unknown: "?"
        }
    }

    func fields(_ fields: [Field]) -> String {
        "(" + list(fields) { name($0.name) + " " + type($0.type) + ($0.notNull ? " not null" : "") } + ")"
    }

    func signature(_ signature: Signature?) -> String {
        signature.map { " as \(fields($0.inputs)) -> \(fields($0.outputs))" } ?? ""
    }

    func options(_ options: [Option]) -> String {
        options.isEmpty ? "" : " with (" + list(options) { "\(name($0.name)) = \(expr($0.value))" } + ")"
    }

    func inferOptions(_ options: InferOptions) -> String {
        guard !options.state.isEmpty else { return self.options(options.others) }
        let links = list(options.state) { "\(name($0.input)) => \(name($0.output))" }
        let others = options.others.map { ", \(name($0.name)) = \(expr($0.value))" }.joined()
        return " with (state = (\(links))\(others))"
    }

    func outputs(_ outputs: Outputs) -> String {
        switch outputs {
        case .single(let name): " as \(self.name(name))"
        case .fields(let fields): " as (" + list(fields) { name($0.name) + alias($0.alias) } + ")"
        }
    }

    func onError(_ onError: OnError?) -> String {
        switch onError?.policy {
        case nil: ""
        case .fail: " on error fail"
        case .null: " on error null"
        case .drop: " on error drop"
        case .keep(let name): " on error keep as \(self.name(name))"
        }
    }

    func call(_ call: Call, name spelled: String? = nil) -> String {
        let arguments = list(call.arguments) { argument in
            switch argument.kind {
            case .positional(let value): expr(value)
            case .named(let name, let value): "\(self.name(name)) => \(expr(value))"
            case .star: "*"
            }
        }
        return (spelled ?? name(call.name)) + "(" + arguments + ")"
    }
}
