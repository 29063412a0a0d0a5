import Foundation
import Martlet
import MartletLanguageServer
import MartletSupport

/// A scripted editor: a server on a thread, talked to through pipes.
final class Client: @unchecked Sendable {
    private let toServer = Pipe()
    private let fromServer = Pipe()
    private var buffer = Data()
    private var nextID: Int64 = 0
    private(set) var diagnostics: [String: [JSON]] = [:]
    private let ended = DispatchSemaphore(value: 0)
    private(set) var wasShutDown = false

    init(root: String? = nil) throws {
        let (input, output) = (
            toServer.fileHandleForReading.fileDescriptor, fromServer.fileHandleForWriting.fileDescriptor
        )
        let thread = Thread { [self] in
            let server = LanguageServer(input: input, output: output) { path, start in
                Completion(
                    start: start, candidates: [Completion.Candidate(path + "found.csv", suffix: "'")], isPath: true)
            }
            wasShutDown = server.run()
            ended.signal()
        }
        thread.stackSize = 8 << 20
        thread.start()
        _ = try request("initialize", root.map { ["rootUri": .string("file://" + $0)] } ?? [:])
        notify("initialized", [:])
    }

    func open(_ text: String, uri: String = "file:///a.mlet") {
        notify("textDocument/didOpen", ["textDocument": ["uri": .string(uri), "text": .string(text)]])
    }

    func change(_ text: String, uri: String = "file:///a.mlet") {
        notify(
            "textDocument/didChange",
            ["textDocument": ["uri": .string(uri)], "contentChanges": [["text": .string(text)]]])
    }

    func notify(_ method: String, _ parameters: JSON) {
        send(["jsonrpc": "2.0", "method": .string(method), "params": parameters])
    }

    /// The result of a request; the error's object where it is refused.
    func request(_ method: String, _ parameters: JSON) throws -> JSON {
        nextID += 1
        send(["jsonrpc": "2.0", "id": .int(nextID), "method": .string(method), "params": parameters])
        while true {
            let message = try read()
            if message["id"]?.int == Int(nextID) { return message["result"] ?? message["error"] ?? .null }
        }
    }

    /// At a 0-based line and character of the document.
    func request(_ method: String, at line: Int, _ character: Int, _ others: JSON = [:]) throws -> JSON {
        var members: [(String, JSON)] = [
            ("textDocument", ["uri": "file:///a.mlet"]),
            ("position", ["line": .int(Int64(line)), "character": .int(Int64(character))]),
        ]
        if let object = others.object { members += object.members.map { ($0, $1) } }
        return try request(method, .object(JSONObject(members)))
    }

    /// The diagnostics of the document, once they are told.
    func told(_ uri: String = "file:///a.mlet") throws -> [JSON] {
        diagnostics[uri] = nil
        while true {
            if let list = diagnostics[uri] { return list }
            _ = try read()
        }
    }

    func sendRaw(_ text: String) { toServer.fileHandleForWriting.write(Data(text.utf8)) }

    /// Whether the server ended after it was told to shut down.
    func leave() throws -> Bool {
        _ = try request("shutdown", .null)
        notify("exit", .null)
        ended.wait()
        return wasShutDown
    }

    func hangUp() -> Bool {
        try? toServer.fileHandleForWriting.close()
        ended.wait()
        return wasShutDown
    }

    private func send(_ message: JSON) {
        var body: [UInt8] = []
        JSONWriter.append(message, to: &body)
        toServer.fileHandleForWriting.write(Data("Content-Length: \(body.count)\r\n\r\n".utf8) + Data(body))
    }

    func read() throws -> JSON {
        while true {
            if let end = buffer.range(of: Data("\r\n\r\n".utf8)) {
                let header = String(decoding: buffer[buffer.startIndex..<end.lowerBound], as: UTF8.self)
                let length = Int(header.split(separator: " ").last ?? "") ?? 0
                if buffer.endIndex - end.upperBound >= length {
                    let message = try JSON.parse(Array(buffer[end.upperBound..<(end.upperBound + length)]))
                    buffer = Data(buffer[(end.upperBound + length)...])
                    if message["method"]?.string == "textDocument/publishDiagnostics",
                        let uri = message["params"]?["uri"]?.string
                    {
                        diagnostics[uri] = message["params"]?["diagnostics"]?.array ?? []
                    }
                    return message
                }
            }
            let more = fromServer.fileHandleForReading.availableData
            guard !more.isEmpty else { throw CocoaError(.fileReadUnknown) }
            buffer += more
        }
    }
}
