import Martlet
import MartletSupport
import MartletSyntax

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The Language Server Protocol (version 3.17) over standard input and output: diagnostics, completion, hover, definitions, references,
/// rename, outline, formatting and quick fixes.
///
/// Messages are answered one after the other; diagnostics are told when no message waits, so that fast typing is checked once.
package final class LanguageServer {
    private var transport: Transport
    let session = Session()
    /// Lists files for a path that is being typed: the text so far and the byte at which it begins.
    let listPath: (String, Int) -> Completion
    private(set) var documents: [String: Document] = [:]
    private var unchecked: [String] = []
    /// What was found in documents since they, or the files beside them, last changed.
    private var problems: [String: [MartletError.Problem]] = [:]
    private var isShutDown = false

    /// Codes of JSON-RPC and of the protocol.
    enum Code: Int64 {
        case parseError = -32700
        case invalidRequest = -32600
        case methodNotFound = -32601
        case invalidParams = -32602
        case requestFailed = -32803
    }

    /// Why a request has no result.
    struct Refusal: Error {
        var code: Code
        var message: String
    }

    package init(input: Int32, output: Int32, listPath: @escaping (String, Int) -> Completion) {
        transport = Transport(input: input, output: output)
        self.listPath = listPath
    }

    /// Serves until the editor ends it. True if it was told to shut down first, as the protocol wants.
    package func run() -> Bool {
        while true {
            do throws(Transport.Failure) {
                if !transport.hasInput { try tellDiagnostics() }
                guard try handle(try transport.read()) else { return isShutDown }
            } catch {
                return false
            }
        }
    }

    /// False at the message `exit`.
    private func handle(_ bytes: [UInt8]) throws(Transport.Failure) -> Bool {
        guard let message = try? JSON.parse(bytes), message.object != nil else {
            try answer(.null, refusal: Refusal(code: .parseError, message: "the message is no JSON object"))
            return true
        }
        guard let method = message["method"]?.string else { return true }
        let parameters = message["params"] ?? .null
        guard let id = message["id"] else {
            if method == "exit" { return false }
            notice(method, parameters)
            return true
        }
        guard !isShutDown || method == "shutdown" else {
            try answer(id, refusal: Refusal(code: .invalidRequest, message: "the server was shut down"))
            return true
        }
        guard let request = Self.requests[method] else {
            try answer(id, refusal: Refusal(code: .methodNotFound, message: "no method `\(method)`"))
            return true
        }
        do {
            try send(["jsonrpc": "2.0", "id": id, "result": try request(self)(parameters)])
        } catch let failure as Transport.Failure {
            throw failure
        } catch let refusal as Refusal {
            try answer(id, refusal: refusal)
        } catch {
            try answer(id, refusal: Refusal(code: .requestFailed, message: "\(error)"))
        }
        return true
    }

    /// Every request that is answered.
    private static let requests: [String: @Sendable (LanguageServer) -> (JSON) throws -> JSON] = [
        "initialize": LanguageServer.initialize,
        "shutdown": LanguageServer.shutDown,
        "textDocument/completion": LanguageServer.complete,
        "textDocument/hover": LanguageServer.hover,
        "textDocument/definition": LanguageServer.definition,
        "textDocument/references": LanguageServer.references,
        "textDocument/documentHighlight": LanguageServer.highlights,
        "textDocument/documentSymbol": LanguageServer.outline,
        "textDocument/prepareRename": LanguageServer.prepareRename,
        "textDocument/rename": LanguageServer.rename,
        "textDocument/formatting": LanguageServer.format,
        "textDocument/codeAction": LanguageServer.fixes,
    ]

    private func send(_ message: JSON) throws(Transport.Failure) { try transport.write(message) }

    private func answer(_ id: JSON, refusal: Refusal) throws(Transport.Failure) {
        let error: JSON = ["code": .int(refusal.code.rawValue), "message": .string(refusal.message)]
        try send(["jsonrpc": "2.0", "id": id, "error": error])
    }

    // MARK: The server's life

    private func initialize(_ parameters: JSON) -> JSON {
        // Scripts name files as seen from the folder that the editor has open.
        if let root = (parameters["rootUri"]?.string ?? parameters["workspaceFolders"]?[0]?["uri"]?.string)
            .flatMap(path(ofURI:)) ?? parameters["rootPath"]?.string
        {
            _ = chdir(root)
        }
        return [
            "serverInfo": ["name": "martlet"],
            "capabilities": [
                "positionEncoding": "utf-16",
                "textDocumentSync": ["openClose": true, "change": 1],
                "completionProvider": ["triggerCharacters": [" ", ".", "'", "/", "$", "(", ">"]],
                "hoverProvider": true, "definitionProvider": true, "referencesProvider": true,
                "documentHighlightProvider": true, "documentSymbolProvider": true,
                "documentFormattingProvider": true, "codeActionProvider": true,
                "renameProvider": ["prepareProvider": true],
            ],
        ]
    }

    private func shutDown(_ parameters: JSON) -> JSON {
        isShutDown = true
        return .null
    }

    // MARK: Documents

    private func notice(_ method: String, _ parameters: JSON) {
        guard let uri = parameters["textDocument"]?["uri"]?.string else { return }
        switch method {
        case "textDocument/didOpen": set(uri, parameters["textDocument"]?["text"]?.string)
        case "textDocument/didChange": set(uri, parameters["contentChanges"]?.array?.last?["text"]?.string)
        case "textDocument/didClose":
            documents[uri] = nil
            check(uri)
        // Models and data may have changed on disk.
        case "textDocument/didSave": check(uri)
        default: break
        }
    }

    private func set(_ uri: String, _ text: String?) {
        guard let text else { return }
        documents[uri] = Document(uri: uri, text: text)
        check(uri)
    }

    private func check(_ uri: String) {
        problems[uri] = nil
        if !unchecked.contains(uri) { unchecked.append(uri) }
    }

    private func tellDiagnostics() throws(Transport.Failure) {
        while let uri = unchecked.first {
            unchecked.removeFirst()
            let list = documents[uri].map(diagnostics) ?? []
            let parameters: JSON = ["uri": .string(uri), "diagnostics": .array(list)]
            try send(["jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": parameters])
        }
    }

    /// What is wrong with a document; looked for once until it changes.
    func problems(in document: Document) -> [MartletError.Problem] {
        if let known = problems[document.uri] { return known }
        let found = session.check(document.text, name: document.uri)
        problems[document.uri] = found
        return found
    }

    /// The document of a request. Throws `Refusal` if it is not open.
    func document(_ parameters: JSON) throws -> Document {
        guard let uri = parameters["textDocument"]?["uri"]?.string, let document = documents[uri] else {
            throw Refusal(code: .invalidParams, message: "the document is not open")
        }
        return document
    }

    /// The document of a request and the byte that its position means. Throws `Refusal`.
    func place(_ parameters: JSON) throws -> (document: Document, offset: Int) {
        let document = try document(parameters)
        guard let offset = document.offset(parameters["position"]) else {
            throw Refusal(code: .invalidParams, message: "the request has no position")
        }
        return (document, offset)
    }
}

/// `/home/a b` of `file:///home/a%20b`; nil for other schemes.
func path(ofURI uri: String) -> String? {
    guard uri.hasPrefix("file://") else { return nil }
    var bytes: [UInt8] = []
    var rest = Array(uri.utf8.dropFirst("file://".count))[...]
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "%"), rest.count >= 2,
            let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
        {
            bytes.append(value)
            rest = rest.dropFirst(2)
        } else {
            bytes.append(byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
