import MartletPlanner
import MartletSyntax

extension Session {
    /// What may stand at byte `cursor` of `text`. Opens the data and models that the text names to know their columns.
    package func complete(_ text: String, cursor: Int) -> Completion {
        let cursor = min(max(0, cursor), text.utf8.count)
        let head = String(decoding: Array(text.utf8.prefix(cursor)), as: UTF8.self)
        let place = CompletionPlace(head)
        switch place.kind {
        case .path(let typed):
            return Completion(start: place.start, candidates: [], isPath: true, path: typed)
        case .nothing: return Completion(start: place.start, candidates: [])
        default: break
        }
        let wanted = place.argument.flatMap(Self.wantedTypes)
        var candidates = matching(place, words(for: place, in: head, wanted: wanted))
        // What does not fit may still begin something that does: `length(id::string)`.
        if candidates.isEmpty, wanted != nil { candidates = matching(place, words(for: place, in: head, wanted: nil)) }
        return Completion(start: place.start, candidates: candidates)
    }

    private func matching(_ place: CompletionPlace, _ words: [Completion.Candidate]) -> [Completion.Candidate] {
        var seen: Set<String> = []
        return words.filter {
            $0.text.lowercased().hasPrefix(place.typed.lowercased()) && seen.insert($0.text.lowercased()).inserted
        }
    }

    /// - Parameter wanted: types that an expression may have, if that is known.
    private func words(
        for place: CompletionPlace, in text: String, wanted: [String]?
    ) -> [Completion.Candidate] {
        func spaced(_ names: some Sequence<String>) -> [Completion.Candidate] {
            names.map { Completion.Candidate($0, suffix: " ") }
        }
        func calls(_ names: some Sequence<String>) -> [Completion.Candidate] {
            names.map { Completion.Candidate($0, suffix: "(") }
        }
        switch place.kind {
        case .path, .nothing: return []
        case .statement: return spaced(Word.allCases.filter(\.beginsStatement).map(\.rawValue))
        case .explained: return spaced(["analyze", "load", "from"])
        case .source: return spaced(["load", "from"])
        case .stage: return spaced(Self.stages) + calls(scope(of: text).defineNames)
        case .body: return spaced(["pass", "drop", "fail"] + Self.stages)
        case .word(let words): return spaced(words)
        case .setting: return SettingTable.names.map { Completion.Candidate($0, suffix: " = ") }
        case .settingValue(let name): return SettingTable.values(of: name).map { Completion.Candidate($0) }
        case .parameter: return scope(of: text).environment.parameters.map { Completion.Candidate("$" + $0.name) }
        case .type:
            return ["bool", "int", "float", "string", "bytes", "timestamp"].map { Completion.Candidate($0) }
        case .relation:
            let environment = scope(of: text).environment
            return spaced(environment.letNames + environment.tableParameters.map { "$" + $0.name } + ["values"])
        case .described:
            let environment = scope(of: text).environment
            return (environment.letNames + environment.modelNames).map { Completion.Candidate($0) }
        case .subject: return showSubjects.map { Completion.Candidate($0) }
        case .model: return calls(scope(of: text).environment.modelNames)
        case .output(let model):
            let signature = scope(of: text).environment.models[model.lowercased()]?.signature
            return (signature?.outputs ?? []).map { Completion.Candidate($0.name) }
        case .expression(let stage):
            let bound = scope(of: text)
            let columns = bound.columns.filter { column in
                wanted?.contains { SignatureText.isUsable(column.type.text, as: $0) } ?? true
            }
            var result = columns.map { Completion.Candidate($0.name) }
            if stage == .aggregate { result += calls(AggregateTable.all.entries.map(\.name)) }
            result += calls(bound.environment.modelNames)
            result += calls(Self.functions(giving: wanted)) + calls(bound.defineNames)
            return result + spaced(CompletionPlace.operandWords + (stage == .route ? ["when", "else"] : []))
        case .option(let owner): return options(of: owner).map { Completion.Candidate($0, suffix: " = ") }
        case .joining(let stage): return spaced(CompletionPlace.words(in: stage))
        }
    }

    /// The stages that are there, one word each.
    private static let stages = StageTable.all.entries.map { String($0.name.prefix { $0 != " " }) }

    // MARK: What the text has named so far

    /// What can be named at a place.
    struct Scope {
        var environment: BinderEnvironment
        /// Of the query that the place stands in, before the stage that it stands in.
        var columns: [PlanColumn]
        var defineNames: [String]
    }

    /// What can be named at the end of `text`.
    func scope(of text: String) -> Scope {
        var environment = self.environment
        var columns: [PlanColumn] = []
        let query = UnfinishedQuery(text)
        _ = bindText(query.finished, &environment)
        // The nearest cut that makes a whole query; nearer ones fail inside of a route's arm.
        for candidate in query.candidates.prefix(8) {
            var scratch = environment
            if let found = bindText(candidate, &scratch) {
                columns = found
                break
            }
        }
        return Scope(environment: environment, columns: columns, defineNames: environment.defineNames)
    }

    /// Columns of the last query of `text`; nil if it has errors or no query.
    private func bindText(_ text: String, _ environment: inout BinderEnvironment) -> [PlanColumn]? {
        let source = SourceText(name: "", text)
        let parsed = parse(source)
        let result = MartletPlanner.bind(
            parsed.script, source: source, catalog: catalog, allowsOpenParameters: true, environment: &environment)
        guard !parsed.hasErrors, result.isValid, case .query(let query)? = result.script.statements.last?.action else {
            return nil
        }
        return query.root.columns
    }
}

/// A text up to the cursor, cut into what is finished and what a query might be without its last stage.
struct UnfinishedQuery {
    /// All statements before the one that the cursor stands in.
    let finished: String
    /// The query of the last statement up to each of its pipes, nearest to the cursor first.
    private(set) var candidates: [String] = []

    init(_ text: String) {
        let source = SourceText(name: "", text)
        let tokens = Lexer.tokens(of: source).tokens
        let lastEnd = tokens.lastIndex { $0.kind == .semicolon }
        finished = lastEnd.map { source[Span(0, tokens[$0].span.end)] } ?? ""
        let rest = tokens[(lastEnd.map { $0 + 1 } ?? 0)...]
        // Without `let name =` and `explain` before it.
        guard let start = rest.first(where: { $0.word == .load || $0.word == .from })?.span.start else { return }
        for pipe in rest.reversed() where pipe.kind == .pipe && pipe.span.start > start {
            candidates.append(source[Span(start, pipe.span.start)])
        }
    }
}
