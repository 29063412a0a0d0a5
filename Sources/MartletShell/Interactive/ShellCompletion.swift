import Martlet

/// Completion in the shell: dot-commands and files here, everything else by the session.
package struct ShellCompletion {
    let session: Session

    package init(session: Session) { self.session = session }

    /// - Parameters:
    ///   - cursor: a byte of `text`.
    ///   - before: lines of the same statement that stand before the text.
    package func complete(_ text: String, cursor: Int, after before: String = "") -> Completion {
        if before.isEmpty, text.drop(while: { $0 == " " }).hasPrefix(".") {
            return command(String(decoding: Array(text.utf8.prefix(cursor)), as: UTF8.self))
        }
        let before = before.isEmpty ? "" : before + "\n"
        let offset = before.utf8.count
        var completion = session.complete(before + text, cursor: offset + cursor)
        if let path = completion.path { return .path(path, start: completion.start - offset) }
        completion.start -= offset
        return completion
    }

    /// A dot-command, or its argument.
    private func command(_ typed: String) -> Completion {
        let start = typed.utf8.count - typed.drop { $0 == " " }.utf8.count
        let words = typed.dropFirst(start)
        guard let space = words.firstIndex(of: " ") else {
            return Completion(
                start: start,
                candidates: DotCommandTable.entries.filter { $0.name.hasPrefix(words.lowercased()) }.map {
                    Completion.Candidate($0.name, suffix: $0.form.isEmpty ? "" : " ")
                })
        }
        let name = words[..<space].lowercased()
        let argument = words[space...].drop { $0 == " " }
        let argumentStart = typed.utf8.count - argument.utf8.count
        switch DotCommandTable.entry(name)?.argument {
        case .path:
            let quote = argument.hasPrefix("'") ? 1 : 0
            var completion = Completion.path(String(argument.dropFirst(quote)), start: argumentStart + quote)
            if quote == 0 { completion.candidates = completion.candidates.map { Completion.Candidate($0.text) } }
            return completion
        case .word(let listed):
            let words = name == ".help" ? DotCommandTable.names : listed
            return Completion(
                start: argumentStart,
                candidates: words.filter { $0.hasPrefix(argument.lowercased()) }.map { Completion.Candidate($0) })
        case .query:
            var completion = session.complete(String(argument), cursor: argument.utf8.count)
            if let path = completion.path { return .path(path, start: completion.start + argumentStart) }
            completion.start += argumentStart
            return completion
        case nil, .some(.none): return Completion(start: typed.utf8.count, candidates: [])
        }
    }
}
