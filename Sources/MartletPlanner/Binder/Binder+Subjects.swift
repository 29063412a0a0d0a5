import MartletData
import MartletSyntax

/// What `show` shows.
package let showSubjects = [
    "models", "params", "settings", "functions", "stages", "rules", "lets", "tables", "defines",
]

/// `set`, `show` and `describe`.
extension Binder {
    func bindSetting(_ name: Name, _ expr: Expr) {
        guard let entry = SettingTable.all[name.text.lowercased()] else {
            return report(
                .unknownSetting, "there is no setting `\(name.text)`", at: name.span,
                help: didYouMean(name.text, SettingTable.all.entries.map(\.name)) ?? "`show settings` lists them")
        }
        // A bare word is taken for the string of it: `set format = csv`.
        let value: Value?
        if case .name(let word) = expr.kind {
            value = .string(word.text)
        } else {
            value = constant(expr, wanted: nil, what: "a setting")
        }
        guard let value else { return }
        guard entry.assign(&environment.settings, value) else {
            return report(
                .settingValue, "`\(entry.name)` takes \(entry.wants), not \(value.literal)", at: expr.span)
        }
        if entry.name == "disable" { checkRules(expr.span) }
    }

    private func checkRules(_ span: Span) {
        let known = PlanRules.names + ExecutionRule.names
        for rule in environment.settings.disabled.sorted() where rule != "all" && !known.contains(rule) {
            // Rules of tensor graphs have names of their own, which only the executor knows.
            guard let close = didYouMean(rule, known) else { continue }
            report(.settingValue, "there is no rule `\(rule)`", at: span, help: close, severity: .warning)
        }
    }

    func show(_ subject: Name) -> LogicalNode? {
        switch subject.text.lowercased() {
        case "models":
            return table(
                ["name", "path", "signature", "parameters"],
                environment.modelNames.compactMap { environment.model($0) }.map {
                    [
                        .string($0.name), .string($0.path), .string($0.signature.text),
                        .int(Int64($0.signature.parameterCount)),
                    ]
                }, types: [.string, .string, .string, .int])
        case "params":
            return table(
                ["name", "type", "value"],
                environment.parameters.map {
                    [.string($0.name), .string($0.type.text), $0.value.map { .string($0.literal) } ?? .null]
                }
                    + environment.tableParameters.map {
                        [.string($0.name), .string("table (\($0.schema.text))"), .null]
                    })
        case "settings":
            return table(
                ["name", "value", "about"],
                SettingTable.all.entries.map {
                    [.string($0.name), .string($0.text(environment.settings)), .string("\($0.doc): \($0.wants)")]
                })
        case "functions":
            return table(
                ["name", "signature", "about", "example"],
                FunctionTable.all.entries.map {
                    [.string($0.name), .string($0.signature), .string($0.doc), .string($0.example.expression)]
                }
                    + AggregateTable.all.entries.map {
                        [
                            .string($0.name), .string($0.signature), .string("aggregate: \($0.doc)"),
                            .string($0.example.expression),
                        ]
                    })
        case "stages":
            return table(
                ["name", "form", "about"],
                StageTable.all.entries.map { [.string($0.name), .string($0.form), .string($0.doc)] })
        case "rules":
            let all =
                PlanRules.table.map { (Swift.type(of: $0).name, Swift.type(of: $0).summary) }
                + ExecutionRule.allCases.map { ($0.name, $0.summary) }
            let disabled = environment.settings.disabled
            return table(
                ["name", "about", "state"],
                all.map { name, summary in
                    let isOff = disabled.contains(name) || disabled.contains("all")
                    return [.string(name), .string(summary), .string(isOff ? "off" : "on")]
                })
        case "lets":
            return table(
                ["name", "columns"],
                environment.lets.map {
                    [
                        .string($0.name),
                        .string($0.root.columns.map { "\($0.name) \($0.type.text)" }.joined(separator: ", ")),
                    ]
                })
        case "tables":
            return table(
                ["name", "columns"],
                catalog.tableNames.map { [.string($0), catalog.table($0).map { .string($0.text) } ?? .null] })
        case "defines":
            return table(
                ["name", "parameters"],
                environment.defines.map {
                    [
                        .string($0.name),
                        .string($0.parameters.map { "\($0.name) \($0.type.text)" }.joined(separator: ", ")),
                    ]
                })
        default:
            report(
                .unknownSubject, "`show` does not know `\(subject.text)`", at: subject.span,
                help: didYouMean(subject.text, showSubjects),
                notes: ["it shows \(showSubjects.joined(separator: ", "))"])
            return nil
        }
    }

    func describe(_ subject: Name) -> LogicalNode? {
        let name = subject.text
        if let model = environment.model(name) {
            let signature = model.signature
            var rows: [[Value]] = signature.inputs.map { [.string("input"), .string($0.name), .string($0.type.text)] }
            for output in signature.outputs {
                let labels = output.type.members.map { " (\($0.joined(separator: ", ")))" } ?? ""
                rows.append([
                    .string(output.onRequest ? "output, on request" : "output"), .string(output.name),
                    .string(output.type.text + labels),
                ])
            }
            rows.append([.string("file"), .string(model.path), signature.note.map { .string($0) } ?? .null])
            for (option, value) in model.options.sorted(by: { $0.key < $1.key }) {
                rows.append([.string("option"), .string(option), .string(value.literal)])
            }
            rows.append([.string("parameters"), .null, .string("\(signature.parameterCount)")])
            if let flop = signature.flopPerRow {
                rows.append([.string("flop per row"), .null, .string(flop.shortestText)])
            }
            if let flop = signature.flopPerToken {
                rows.append([.string("flop per token"), .null, .string(flop.shortestText)])
            }
            if let tokens = signature.maxTokens {
                rows.append([.string("longest text"), .null, .string("\(tokens) tokens")])
            }
            return table(["what", "name", "type"], rows)
        }
        if let number = environment.letNumber(name) {
            return columnsTable(environment.lets[number].root.columns.map { MartletData.Field($0.name, $0.type) })
        }
        if let schema = environment.tableParameter(name)?.schema ?? catalog.table(name) {
            return columnsTable(schema.fields)
        }
        if let parameter = environment.parameter(name) {
            return table(
                ["name", "type", "value"],
                [
                    [
                        .string(parameter.name), .string(parameter.type.text),
                        parameter.value.map { .string($0.literal) } ?? .null,
                    ]
                ])
        }
        if let function = FunctionTable.function(name) {
            return table(
                ["name", "signature", "about", "example", "result"],
                [
                    [
                        function.name, function.signature, function.doc, function.example.expression,
                        function.example.result,
                    ]
                    .map { .string($0) }
                ])
        }
        if let aggregate = AggregateTable.aggregate(name) {
            return table(
                ["name", "signature", "about", "example", "result"],
                [
                    [
                        aggregate.name, aggregate.signature, aggregate.doc, aggregate.example.expression,
                        aggregate.example.result,
                    ]
                    .map { .string($0) }
                ])
        }
        var known =
            environment.modelNames + environment.letNames + environment.parameters.map(\.name) + catalog.tableNames
        known += FunctionTable.all.entries.map(\.name).filter(isBareName) + AggregateTable.all.entries.map(\.name)
        report(
            .unknownSubject, "nothing is called `\(name)`", at: subject.span,
            help: didYouMean(name, known) ?? "models, lets, tables, params and functions can be described")
        return nil
    }

    private func columnsTable(_ fields: [MartletData.Field]) -> LogicalNode {
        table(
            ["name", "type"],
            fields.map { [.string($0.name), .string($0.type.text + ($0.nullable ? "" : " not null"))] })
    }

    private func table(_ names: [String], _ rows: [[Value]], types: [DataType]? = nil) -> LogicalNode {
        let types = types ?? names.map { _ in .string }
        let columns = zip(names, types).map { newColumn($0, $1) }
        return .values(
            ValuesNode(
                columns: columns, rows: rows.map { row in zip(row, types).map { .constant($0, $1) } }))
    }
}
