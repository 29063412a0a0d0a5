import MartletSupport
import MartletSyntax

/// Where a name is declared and used, the outline, and renaming.
extension LanguageServer {
    func definition(_ parameters: JSON) throws -> JSON {
        let (document, offset) = try place(parameters)
        return document.symbols.symbol(at: offset).map { document.location($0.declaration) } ?? .null
    }

    func references(_ parameters: JSON) throws -> JSON {
        let (document, offset) = try place(parameters)
        guard let symbol = document.symbols.symbol(at: offset) else { return [] }
        let wantsDeclaration = parameters["context"]?["includeDeclaration"]?.bool ?? true
        let spans = symbol.occurrences.filter { wantsDeclaration || $0 != symbol.declaration }
        return .array(spans.map(document.location))
    }

    func highlights(_ parameters: JSON) throws -> JSON {
        let (document, offset) = try place(parameters)
        let spans = document.symbols.symbol(at: offset)?.occurrences ?? []
        return .array(spans.map { ["range": document.range($0)] })
    }

    func outline(_ parameters: JSON) throws -> JSON {
        let document = try document(parameters)
        return .array(
            document.symbols.symbols.map { symbol in
                // SymbolKind: Class, Constant, Variable, Function.
                let kind: Int64 =
                    switch symbol.kind {
                    case .model: 5
                    case .parameter: 14
                    case .let: 13
                    case .define: 12
                    }
                return [
                    "name": .string(symbol.name), "detail": .string(symbol.kind.rawValue), "kind": .int(kind),
                    "range": document.range(symbol.statement), "selectionRange": document.range(symbol.declaration),
                ]
            })
    }

    func prepareRename(_ parameters: JSON) throws -> JSON {
        let (document, symbol, span) = try renamable(parameters)
        return ["range": document.range(document.nameSpan(span)), "placeholder": .string(symbol.name)]
    }

    /// What stands at a request's position, and where. Throws `Refusal` for what is no symbol.
    private func renamable(_ parameters: JSON) throws -> (Document, ScriptSymbols.Symbol, Span) {
        let (document, offset) = try place(parameters)
        guard let symbol = document.symbols.symbol(at: offset),
            let span = symbol.occurrences.first(where: { $0.contains(offset) || $0.end == offset })
        else {
            throw Refusal(code: .requestFailed, message: "only models, parameters, lets and definitions can be renamed")
        }
        return (document, symbol, span)
    }

    func rename(_ parameters: JSON) throws -> JSON {
        let (document, symbol, _) = try renamable(parameters)
        let name = parameters["newName"]?.string ?? ""
        guard let first = name.utf8.first, Self.isLetter(first),
            name.utf8.allSatisfy({ Self.isLetter($0) || Self.isDigit($0) })
        else {
            throw Refusal(code: .invalidParams, message: "`\(name)` is no name: letters, digits and _, no digit first")
        }
        let taken = document.symbols.symbols.contains {
            $0.name.lowercased() == name.lowercased() && $0.declaration != symbol.declaration
        }
        guard !taken else { throw Refusal(code: .requestFailed, message: "`\(name)` is there already") }
        let edits = symbol.occurrences.map { span -> JSON in
            ["range": document.range(document.nameSpan(span)), "newText": .string(name)]
        }
        return ["changes": .object(JSONObject([(document.uri, .array(edits))]))]
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension Document {
    /// The name alone, without a parameter's dollar.
    fileprivate func nameSpan(_ span: Span) -> Span {
        source.bytes.indices.contains(span.start) && source.bytes[span.start] == UInt8(ascii: "$")
            ? Span(span.start + 1, span.end) : span
    }
}
